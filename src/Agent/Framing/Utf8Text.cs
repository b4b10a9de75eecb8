using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Agent.Framing;

/// <summary>Keeps text UTF-8: JSON can carry nothing else, and one bad byte would make the service refuse the whole
/// batch. A log line may hold any bytes; sshd writes user names as they were sent.</summary>
static class Utf8Text
{
    /// <summary>Whether the bytes may be taken as they are. Fast enough to ask of a whole block.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => Utf8.IsValid(text);

    /// <summary>Appends the text with each ill-formed sequence replaced by U+FFFD, as Unicode recommends (and as the
    /// WHATWG's decoder does). May be three times as long.</summary>
    /// <returns>Whether it fitted.</returns>
    public static bool TryRepair(ReadOnlySpan<byte> text, TextBuffer buffer, out int replaced)
    {
        replaced = 0;
        while (!text.IsEmpty)
        {
            var ascii = text.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (!buffer.TryAppend(ascii < 0 ? text : text[..ascii]))
            {
                return false;
            }

            text = ascii < 0 ? default : text[ascii..];
            while (!text.IsEmpty && text[0] >= 0x80)
            {
                var isGood = Rune.DecodeFromUtf8(text, out var rune, out var consumed) == OperationStatus.Done;
                if (!(isGood ? rune : Rune.ReplacementChar).TryEncodeToUtf8(buffer.Room(4), out var written))
                {
                    return false;
                }

                buffer.Advance(written);
                replaced += isGood ? 0 : 1;
                text = text[consumed..];
            }
        }

        return true;
    }

    /// <summary>The nearest place at or before <paramref name="longestBytes"/> that does not part a
    /// character.</summary>
    public static int CutBefore(ReadOnlySpan<byte> text, int longestBytes)
    {
        var cut = longestBytes;
        while (cut > longestBytes - 3 && IsContinuation(text[cut]))
        {
            cut--;
        }

        // Bytes that are no UTF-8 at all have no characters to keep together.
        return IsContinuation(text[cut]) ? longestBytes : cut;
    }

    static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
