using System.Globalization;

namespace Agent.Commands;

/// <summary>Numbered lines of the form of /var/log/secure, by which it can be counted what arrived. Within a run all
/// are of one length.</summary>
/// <param name="run">What tells the lines of one run from all others: letters and digits, for a filter pattern must
/// find it as it is.</param>
sealed class LedgerLine(string run)
{
    public const int MostLines = 100_000_000;

    const int Digits = 9;

    readonly string _user = " user " + run;

    /// <summary>A line without its stamp and without its end: who reads the stamp may take it off.</summary>
    public string Text(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"ip-10-10-20-20 sshd[{20000 + (number % 10000)}]: Failed password for invalid{_user}{number:D9} "
        + $"from 203.0.113.{(number % 200) + 10:D3} port {40000 + (number % 20000)}");

    /// <summary>The number of a line that arrived, or -1 where it is no whole line of this run.</summary>
    public int NumberOf(string message)
    {
        var at = message.IndexOf(_user, StringComparison.Ordinal) + _user.Length;
        return at >= _user.Length && message.Length >= at + Digits
            && int.TryParse(
                message.AsSpan(at, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && message.EndsWith(Text(number), StringComparison.Ordinal)
            ? number
            : -1;
    }
}
