using System.Buffers.Text;
using System.Text;

namespace LocalCloud.Api;

/// <summary>Turns the inside of a JSON string into the text it stands for, in place: escapes are never shorter than
/// what they mean. Not Utf8JsonReader's own way, because that one throws on half a surrogate pair, which JSON allows
/// and real logs contain; such a half becomes U+FFFD, as in every other decoder of broken Unicode.</summary>
static class JsonText
{
    const int EscapeLength = 6;

    /// <param name="text">The string's bytes between its quotes, in JSON that has been found well formed.</param>
    /// <returns>How many bytes are left.</returns>
    public static int Unescape(Span<byte> text)
    {
        var from = text.IndexOf((byte)'\\');
        var to = from;
        while (from < text.Length)
        {
            if (text[from] != '\\')
            {
                text[to++] = text[from++];
            }
            else if (text[from + 1] == 'u')
            {
                from += Rune(text[from..], out var rune);
                to += rune.EncodeToUtf8(text[to..]);
            }
            else
            {
                text[to++] = Short(text[from + 1]);
                from += 2;
            }
        }

        return to;
    }

    // One \uXXXX, or two that form a pair.
    static int Rune(ReadOnlySpan<byte> text, out Rune rune)
    {
        var first = CodeUnit(text);
        if (char.IsHighSurrogate(first) && text.Length >= 2 * EscapeLength
            && text[EscapeLength] == '\\' && text[EscapeLength + 1] == 'u'
            && System.Text.Rune.TryCreate(first, CodeUnit(text[EscapeLength..]), out rune))
        {
            return 2 * EscapeLength;
        }

        rune = System.Text.Rune.TryCreate(first, out var single) ? single : System.Text.Rune.ReplacementChar;
        return EscapeLength;
    }

    static char CodeUnit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape[2..EscapeLength], out ushort unit, out _, 'x') ? (char)unit : '\uFFFD';

    static byte Short(byte letter) => (char)letter switch
    {
        'b' => (byte)'\b',
        'f' => (byte)'\f',
        'n' => (byte)'\n',
        'r' => (byte)'\r',
        't' => (byte)'\t',
        _ => letter
    };
}
