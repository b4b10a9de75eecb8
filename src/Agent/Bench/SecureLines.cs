using System.Globalization;
using System.Text;

namespace Agent.Bench;

/// <summary>Lines of the form of /var/log/secure, 122 bytes each with their line end, a hundred in each second. Precise
/// ones, as rsyslog writes them unless it is told otherwise, have 139, and each its own timestamp.</summary>
static class SecureLines
{
    const int LinesPerSecond = 100;

    /// <summary>How the lines' timestamps are written.</summary>
    public const string Format = "%b %d %H:%M:%S";

    /// <summary>The same of precise ones.</summary>
    public const string PreciseFormat = "%Y-%m-%dT%H:%M:%S.%f%z";

    /// <summary>The time that a mebibyte spans, and a little more.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(90);

    /// <summary>A mebibyte of them.</summary>
    /// <param name="from">The first one's time.</param>
    /// <param name="failedEach">Of so many lines one tells of a failed password.</param>
    public static byte[] Mebibyte(DateTimeOffset from, int failedEach = 1, bool isPrecise = false)
    {
        var text = new StringBuilder();
        var (stamp, step) = isPrecise
            ? ("yyyy-MM-ddTHH:mm:ss.ffffffzzz", 1)
            : ("MMM dd HH:mm:ss", LinesPerSecond);
        for (var i = 0; text.Length < 1 << 20; i++)
        {
            var what = i % failedEach == 0
                ? $"Failed password for invalid user u{i:D9}"
                : $"Accepted public key for the user u{i:D9}";
            var at = from + (i / step * step * TimeSpan.FromSeconds(1) / LinesPerSecond);
            text.Append(at.ToString(stamp, CultureInfo.InvariantCulture));
            text.Append(CultureInfo.InvariantCulture, $" ip-10-10-20-20 sshd[{20000 + (i % 10000)}]: {what}");
            text.Append(
                CultureInfo.InvariantCulture, $" from 203.0.113.{(i % 200) + 10:D3} port {40000 + (i % 20000)}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A log of so many mebibytes that ends now, in as many pieces.</summary>
    public static IEnumerable<byte[]> Log(int mebibytes, int failedEach = 1, bool isPrecise = false)
    {
        var begins = TimeProvider.System.GetUtcNow() - (mebibytes * Span);
        for (var i = 0; i < mebibytes; i++)
        {
            yield return Mebibyte(begins + (i * Span), failedEach, isPrecise);
        }
    }
}
