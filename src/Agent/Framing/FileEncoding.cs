using System.Text;
using Transcoding = System.Text.Unicode.Utf8;

namespace Agent.Framing;

/// <summary>How a file's bytes mean characters: where a line may be cut, and what it says as UTF-8. Each file that is
/// not UTF-8 has one of its own.</summary>
sealed class FileEncoding
{
    // What the web and other systems call encodings that the framework knows by another name.
    static readonly (string Label, string Name)[] Labels =
    [
        ("utf8", "utf-8"), ("utf-16le", "utf-16"), ("utf16", "utf-16"), ("utf-32le", "utf-32"),
        ("latin1", "iso-8859-1"), ("x-sjis", "shift_jis"), ("windows-31j", "shift_jis"), ("ms932", "shift_jis"),
        ("windows-949", "ks_c_5601-1987"), ("x-gbk", "gb18030"), ("gbk", "gb18030"), ("cn-big5", "big5"),
        ("x-x-big5", "big5"), ("koi8-ru", "koi8-u"), ("cp866", "ibm866"), ("x-mac-roman", "macintosh"),
        ("cp1250", "windows-1250"), ("cp1251", "windows-1251"), ("cp1252", "windows-1252"),
        ("cp1253", "windows-1253"), ("cp1254", "windows-1254"), ("cp1255", "windows-1255"),
        ("cp1256", "windows-1256"), ("cp1257", "windows-1257"), ("cp1258", "windows-1258")
    ];

    // UTF-16 and UTF-32, little and big endian, by the numbers that the framework gives them.
    const int Utf16 = 1200, Utf16BigEndian = 1201, Utf32 = 12000, Utf32BigEndian = 12001, Utf8CodePage = 65001;

    readonly CountingFallback _fallback;
    readonly Decoder? _decoder;
    readonly bool _isSingleByte;

    FileEncoding(Encoding encoding, CountingFallback fallback)
    {
        _fallback = fallback;
        _isSingleByte = encoding.IsSingleByte;
        _decoder = encoding.CodePage == Utf8CodePage ? null : encoding.GetDecoder();
        Unit = encoding.CodePage switch
        {
            Utf16 or Utf16BigEndian => new(2, encoding.CodePage == Utf16BigEndian),
            Utf32 or Utf32BigEndian => new(4, encoding.CodePage == Utf32BigEndian),
            _ => CodeUnit.Byte
        };
    }

    /// <summary>Most logs.</summary>
    public static FileEncoding Utf8 { get; } = new(Encoding.UTF8, new());

    public CodeUnit Unit { get; }

    public bool IsUtf8 => _decoder is null;

    /// <summary>Whether a byte order mark may say otherwise.</summary>
    public bool IsUnicode => IsUtf8 || Unit.Bytes > 1;

    public bool IsUtf32 => Unit.Bytes == 4;

    /// <summary>Finds an encoding by its IANA name or a label that the web knows it by; null when there is
    /// none.</summary>
    public static FileEncoding? TryFind(string name)
    {
        var label = name.Trim();
        var known = Array.Find(Labels, pair => pair.Label.Equals(label, StringComparison.OrdinalIgnoreCase)).Name;
        var fallback = new CountingFallback();
        var provided = CodePagesEncodingProvider.Instance.GetEncoding(
            known ?? label, EncoderFallback.ReplacementFallback, fallback);
        try
        {
            var encoding = provided
                ?? Encoding.GetEncoding(known ?? label, EncoderFallback.ReplacementFallback, fallback);
            return encoding.CodePage == Utf8CodePage ? Utf8 : new(encoding, fallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The nearest place at or before <paramref name="longestBytes"/> that parts no character.</summary>
    public int CutBefore(ReadOnlySpan<byte> raw, int longestBytes)
    {
        if (raw.Length <= longestBytes)
        {
            return raw.Length;
        }

        var cut = longestBytes / Unit.Bytes * Unit.Bytes;
        return _decoder switch
        {
            null => Utf8Text.CutBefore(raw, cut),
            _ when Unit.Bytes == 2 => cut > 2 && IsHighSurrogate(raw[(cut - 2)..]) ? cut - 2 : cut,
            _ when _isSingleByte || Unit.Bytes == 4 => cut,
            _ => CutBefore(raw, cut, _decoder)
        };
    }

    /// <summary>Appends a line as UTF-8, as far as it fits.</summary>
    /// <param name="replaced">How many ill-formed sequences were replaced.</param>
    /// <returns>Whether it fitted; if not, what was appended is a part of it.</returns>
    public bool TryDecode(ReadOnlySpan<byte> line, TextBuffer buffer, out int replaced)
    {
        replaced = 0;
        if (_decoder is null)
        {
            return Utf8Text.IsValid(line)
                ? buffer.TryAppend(line)
                : Utf8Text.TryRepair(line, buffer, out replaced);
        }

        var before = _fallback.Replaced;
        var fits = TryDecode(line, _decoder, buffer);
        replaced = _fallback.Replaced - before;
        return fits;
    }

    static bool TryDecode(ReadOnlySpan<byte> line, Decoder decoder, TextBuffer buffer)
    {
        Span<char> characters = stackalloc char[512];
        var kept = 0;
        decoder.Reset();
        while (true)
        {
            decoder.Convert(line, characters[kept..], flush: true, out var used, out var written, out var isDone);
            var text = characters[..(kept + written)];
            var room = buffer.Room(text.Length * 3);
            Transcoding.FromUtf16(text, room, out var read, out var bytes, isFinalBlock: isDone);
            buffer.Advance(bytes);
            if (isDone)
            {
                return read == text.Length;
            }

            // The second half of a surrogate pair is still to come, or there is no room for more.
            kept = text.Length - read;
            if (kept > 1)
            {
                return false;
            }

            text[read..].CopyTo(characters);
            line = line[used..];
        }
    }

    // A place parts no character when a decoder that stops there has nothing left over.
    static int CutBefore(ReadOnlySpan<byte> raw, int longestBytes, Decoder decoder)
    {
        const int LongestParted = 3;
        decoder.Reset();
        for (var cut = longestBytes; cut >= Math.Max(1, longestBytes - LongestParted); cut--)
        {
            if (decoder.GetCharCount(raw[..cut], flush: false) == decoder.GetCharCount(raw[..cut], flush: true))
            {
                return cut;
            }
        }

        return longestBytes;
    }

    bool IsHighSurrogate(ReadOnlySpan<byte> raw) => char.IsHighSurrogate((char)Unit.First(raw));
}
