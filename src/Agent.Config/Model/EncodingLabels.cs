using System.Text;

namespace Agent.Config.Model;

/// <summary>The names that encodings go by. As for the CloudWatch agent, the labels of the WHATWG's encoding standard
/// come first, by which latin1 is windows-1252; then every name that .NET knows, which are IANA's.</summary>
static class EncodingLabels
{
    public const string Utf8 = "utf-8";

    // Only the labels that .NET does not have, or takes for another encoding.
    static readonly Dictionary<string, string> Labels = new(StringComparer.OrdinalIgnoreCase)
    {
        [Utf8] = "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf-8-sig",
        ["utf-16"] = "utf-16le utf16 utf16le ucs-2 unicode unicodefeff csunicode iso-10646-ucs-2",
        ["utf-16be"] = "utf16be unicodefffe",
        ["utf-32"] = "utf-32le utf32 utf32le",
        ["utf-32be"] = "utf32be",
        ["windows-1252"] = "ansi_x3.4-1968 ascii us-ascii cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1"
            + " iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 cp1252 x-cp1252",
        ["windows-1254"] = "csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5"
            + " cp1254 x-cp1254",
        ["windows-874"] = "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 cp874",
        ["iso-8859-2"] = "iso8859-2 iso88592 iso_8859-2 latin2 l2",
        ["iso-8859-3"] = "iso8859-3 iso88593 iso_8859-3 latin3 l3",
        ["iso-8859-4"] = "iso8859-4 iso88594 iso_8859-4 latin4 l4",
        ["iso-8859-5"] = "iso8859-5 iso88595 iso_8859-5 cyrillic",
        ["iso-8859-6"] = "iso8859-6 iso88596 iso_8859-6 arabic ecma-114 asmo-708",
        ["iso-8859-7"] = "iso8859-7 iso88597 iso_8859-7 greek greek8 ecma-118 elot_928 sun_eu_greek",
        ["iso-8859-8"] = "iso8859-8 iso88598 iso_8859-8 hebrew visual",
        ["iso-8859-8-i"] = "logical csiso88598i",
        ["iso-8859-13"] = "iso8859-13 iso885913",
        ["iso-8859-15"] = "iso8859-15 iso885915 iso_8859-15 l9 latin9 csisolatin9",
        ["windows-1250"] = "cp1250 x-cp1250",
        ["windows-1251"] = "cp1251 x-cp1251",
        ["windows-1253"] = "cp1253 x-cp1253",
        ["windows-1255"] = "cp1255 x-cp1255",
        ["windows-1256"] = "cp1256 x-cp1256",
        ["windows-1257"] = "cp1257 x-cp1257",
        ["windows-1258"] = "cp1258 x-cp1258",
        ["cp866"] = "866 ibm866 csibm866",
        ["koi8-r"] = "koi koi8 koi8_r cskoi8r",
        ["koi8-u"] = "koi8-ru",
        ["macintosh"] = "mac x-mac-roman csmacintosh",
        ["x-mac-cyrillic"] = "x-mac-ukrainian",
        ["gb2312"] = "gbk x-gbk chinese csgb2312 csiso58gb231280 gb_2312 gb_2312-80 iso-ir-58 cp936",
        ["big5"] = "big5-hkscs cn-big5 csbig5 x-x-big5 cp950",
        ["euc-jp"] = "x-euc-jp cseucpkdfmtjapanese eucjp",
        ["iso-2022-jp"] = "csiso2022jp",
        ["shift_jis"] = "sjis shift-jis ms_kanji ms932 windows-31j x-sjis csshiftjis cp932",
        ["ks_c_5601-1987"] = "euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1989 ksc5601 ksc_5601"
            + " windows-949 euckr cp949"
    };

    static readonly Dictionary<string, string> Names = (
        from encoding in Labels
        from label in encoding.Value.Split(' ')
        select (label, encoding.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name by which .NET knows the encoding, once <see cref="CodePagesEncodingProvider"/> is registered.
    /// Null if it is unknown, or if lines could not be told apart in it.</summary>
    public static string? NameOf(string label)
    {
        var trimmed = label.Trim();
        var encoding = Known(Names.GetValueOrDefault(trimmed, trimmed));
        return encoding is not null && HasLineFeeds(encoding) ? encoding.WebName : null;
    }

    static Encoding? Known(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception trouble) when (trouble is ArgumentException or NotSupportedException)
        {
            // UTF-7 is refused with the latter.
            return null;
        }
    }

    // In EBCDIC another byte ends a line.
    static bool HasLineFeeds(Encoding encoding)
    {
        var lineFeed = encoding.GetBytes("\n");
        return lineFeed.AsSpan().Trim((byte)0) is [(byte)'\n'];
    }
}
