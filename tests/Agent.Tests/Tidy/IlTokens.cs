using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Agent.Tests.Tidy;

/// <summary>The tokens in a method's code: each names a type, a member or a signature.</summary>
static class IlTokens
{
    const byte TwoBytePrefix = 0xFE;

    static readonly Dictionary<short, OpCode> OpCodesByValue =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<OpCode>()
            .ToDictionary(opCode => opCode.Value);

    public static IEnumerable<int> In(BlobReader code)
    {
        var tokens = new List<int>();
        while (code.RemainingBytes > 0)
        {
            var operand = ReadOpCode(ref code).OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType or OperandType.InlineSig)
            {
                tokens.Add(code.ReadInt32());
            }
            else
            {
                Skip(ref code, operand);
            }
        }

        return tokens;
    }

    static OpCode ReadOpCode(ref BlobReader code)
    {
        var first = code.ReadByte();
        var value = first == TwoBytePrefix ? (TwoBytePrefix << 8) | code.ReadByte() : first;
        return OpCodesByValue[unchecked((short)value)];
    }

    static void Skip(ref BlobReader code, OperandType operand)
    {
        var lengthBytes = operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineString
                or OperandType.ShortInlineR => 4,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 * code.ReadInt32(),
            _ => throw new NotSupportedException($"No length is known for {operand}.")
        };
        code.Offset += lengthBytes;
    }
}
