using System.Globalization;
using System.Text;

namespace Agent.Bench;

/// <summary>A mebibyte of lines of the form of /var/log/secure, 122 bytes each with their line end, all of this moment.
/// </summary>
static class SecureLines
{
    public const string Format = "%b %d %H:%M:%S";

    /// <param name="failedEach">Of so many lines one tells of a failed password.</param>
    public static byte[] Mebibyte(DateTimeOffset now, int failedEach = 1)
    {
        var stamp = now.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        for (var i = 0; text.Length < 1 << 20; i++)
        {
            var what = i % failedEach == 0
                ? $"Failed password for invalid user u{i:D9}"
                : $"Accepted public key for the user u{i:D9}";
            text.Append(
                CultureInfo.InvariantCulture, $"{stamp} ip-10-10-20-20 sshd[{20000 + (i % 10000)}]: {what} ");
            text.Append(
                CultureInfo.InvariantCulture,
                $"from 203.0.113.{(i % 200) + 10:D3} port {40000 + (i % 20000)}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
