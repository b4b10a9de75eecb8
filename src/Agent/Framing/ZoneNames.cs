using System.Text;

namespace Agent.Framing;

/// <summary>The abbreviations of zones that mean one thing in logs. What is not here (IST is India's, Israel's and
/// Ireland's) means the configured zone.</summary>
static class ZoneNames
{
    const int Hour = 60;

    static readonly (byte[] Name, int OffsetMinutes)[] Known =
    [
        .. new (string Name, int OffsetMinutes)[]
        {
            ("UTC", 0), ("GMT", 0), ("Z", 0), ("UT", 0), ("WET", 0), ("WEST", Hour), ("BST", Hour), ("CET", Hour),
            ("CEST", 2 * Hour), ("MET", Hour), ("MEST", 2 * Hour), ("EET", 2 * Hour), ("EEST", 3 * Hour),
            ("MSK", 3 * Hour), ("EST", -5 * Hour), ("EDT", -4 * Hour), ("CST", -6 * Hour), ("CDT", -5 * Hour),
            ("MST", -7 * Hour), ("MDT", -6 * Hour), ("PST", -8 * Hour), ("PDT", -7 * Hour), ("AKST", -9 * Hour),
            ("AKDT", -8 * Hour), ("HST", -10 * Hour), ("JST", 9 * Hour), ("KST", 9 * Hour), ("HKT", 8 * Hour),
            ("SGT", 8 * Hour), ("AWST", 8 * Hour), ("ACST", (9 * Hour) + 30), ("ACDT", (10 * Hour) + 30),
            ("AEST", 10 * Hour), ("AEDT", 11 * Hour), ("NZST", 12 * Hour), ("NZDT", 13 * Hour)
        }.Select(pair => (Encoding.ASCII.GetBytes(pair.Name), pair.OffsetMinutes))
    ];

    /// <summary>The longest word that is taken for a zone.</summary>
    public const int LongestBytes = 5;

    /// <summary>Minutes east of UTC, or null.</summary>
    public static int? OffsetMinutes(ReadOnlySpan<byte> name)
    {
        foreach (var (known, offset) in Known)
        {
            if (Ascii.EqualsIgnoreCase(known, name))
            {
                return offset;
            }
        }

        return null;
    }
}
