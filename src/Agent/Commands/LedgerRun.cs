using System.Globalization;
using System.Security.Cryptography;

namespace Agent.Commands;

/// <summary>One run of <c>vigil ledger</c>. Its id stands in every line, and says when it began, so that an earlier
/// run can be looked for without reading a group from its first day.</summary>
readonly record struct LedgerRun(string Id, DateTimeOffset Began)
{
    const int TimeDigits = 8;
    const int ChanceBytes = 3;

    public static LedgerRun Start(DateTimeOffset now)
    {
        var chance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChanceBytes));
        return Parse(string.Create(CultureInfo.InvariantCulture, $"v{now.ToUnixTimeSeconds():x8}{chance}"));
    }

    /// <exception cref="UsageException">It is no id of a run.</exception>
    public static LedgerRun Parse(string id) =>
        id.Length == 1 + TimeDigits + (2 * ChanceBytes) && id[0] == 'v'
            && id.Skip(1).All(char.IsAsciiHexDigitLower)
            ? new(id, DateTimeOffset.FromUnixTimeSeconds(
                long.Parse(id.AsSpan(1, TimeDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
            : throw new UsageException($"'{id}' is no run: 'vigil ledger' prints its id when it begins");
}
