using System.Globalization;
using System.Text;

namespace CloudWatch.Patterns.Json;

/// <summary>The letters of JSON.</summary>
static class JsonText
{
    public static bool IsWhite(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\n\r"u8);

    /// <summary>Writes a text without its escapes, which are known to be sound. Half of a surrogate pair becomes the
    /// replacement character.</summary>
    /// <param name="to">As long as the text: no escape is shorter than what it stands for.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> to)
    {
        var written = 0;
        while (text.IndexOf((byte)'\\') is >= 0 and var at)
        {
            text[..at].CopyTo(to[written..]);
            written += at;
            text = text[(at + 1)..];
            if (text[0] == 'u')
            {
                var rune = TakeRune(ref text);
                written += rune.EncodeToUtf8(to[written..]);
                continue;
            }

            to[written++] = text[0] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var itself => itself
            };
            text = text[1..];
        }

        text.CopyTo(to[written..]);
        return written + text.Length;
    }

    static Rune TakeRune(ref ReadOnlySpan<byte> text)
    {
        var unit = TakeUnit(ref text);
        if (!char.IsHighSurrogate(unit) || !text.StartsWith("\\u"u8))
            return Rune.TryCreate(unit, out var alone) ? alone : Rune.ReplacementChar;

        var after = text[1..];
        if (!Rune.TryCreate(unit, TakeUnit(ref after), out var pair))
            return Rune.ReplacementChar;

        text = after;
        return pair;
    }

    static char TakeUnit(ref ReadOnlySpan<byte> text)
    {
        var unit = (char)ushort.Parse(text.Slice(1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        text = text[5..];
        return unit;
    }
}
