using System.Globalization;

namespace Agent.Commands;

/// <summary>A /var/log/secure for machines that have none: lines as su and sshd write them on Amazon Linux, with
/// invented names and addresses that are reserved for documentation (RFC 5737).</summary>
sealed class SampleLog(string path, TimeProvider time)
{
    const int FirstLines = 20;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    static readonly string[] Templates =
    [
        "su: pam_unix(su:auth): authentication failure; logname= uid=1000 euid=0 tty=pts/0 ruser=ec2-user rhost=  "
            + "user=dbdev",
        "sshd[{pid}]: Invalid user oracle from 203.0.113.{host} port {port}",
        "sshd[{pid}]: Failed password for invalid user oracle from 203.0.113.{host} port {port} ssh2",
        "sshd[{pid}]: Connection closed by invalid user oracle 203.0.113.{host} port {port} [preauth]",
        "sshd[{pid}]: Accepted publickey for ec2-user from 198.51.100.{host} port {port} ssh2: RSA SHA256:"
            + "Zk3b0pC1v9Q0u2m8k4r6w1yXnT5sLhJdE7aGfVcBqOi",
        "sshd[{pid}]: pam_unix(sshd:session): session opened for user ec2-user(uid=1000) by (uid=0)",
        "su: pam_unix(su-l:session): session opened for user root(uid=0) by ec2-user(uid=1000)"
    ];

    int _written;

    /// <summary>Writes some lines at once and then one a second.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        await AppendAsync(FirstLines, cancel);
        while (true)
        {
            await Task.Delay(Interval, time, cancel);
            await AppendAsync(1, cancel);
        }
    }

    Task AppendAsync(int lines, CancellationToken cancel) =>
        File.AppendAllLinesAsync(path, Enumerable.Range(0, lines).Select(_ => NextLine()), cancel);

    string NextLine()
    {
        var number = _written++;
        var text = Templates[number % Templates.Length]
            .Replace("{pid}", Text(2000 + (number % 30000)), StringComparison.Ordinal)
            .Replace("{host}", Text(2 + (number * 7 % 250)), StringComparison.Ordinal)
            .Replace("{port}", Text(40000 + (number * 13 % 20000)), StringComparison.Ordinal);
        var stamp = time.GetLocalNow().ToString("MMM d HH:mm:ss", CultureInfo.InvariantCulture);
        // syslog pads the day with a blank, not with a zero (RFC 3164, 4.1.2).
        stamp = stamp[5] == ' ' ? stamp.Insert(4, " ") : stamp;
        return $"{stamp} ip-10-10-20-20 {text}";
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
