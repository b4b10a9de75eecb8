using System.Globalization;
using System.Runtime.InteropServices;

namespace LocalCloud.Store;

/// <summary>Where an event stands among all others: first by its time, then by when it was accepted, then by the put
/// that brought it and its place there.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct EventPosition(long Timestamp, long Ingested, long Sequence)
{
    /// <summary>An event's sequence is its put's number times this, plus its place; a batch has fewer events.</summary>
    public const int SequencesPerPut = 16_384;

    /// <summary>The length of an event id and of the digits in a page token, as the service has it.</summary>
    public const int Digits = 56;

    const int CheckDigits = 7;
    const int TimeDigits = 15;

    /// <summary>Later than any event can be, and still fifteen digits.</summary>
    public const long EndOfTime = 999_999_999_999_999;

    /// <summary>Before every event of a time.</summary>
    public static EventPosition Before(long timestamp) => new(Math.Clamp(timestamp, 0, EndOfTime), 0, 0);

    public static bool operator <(EventPosition left, EventPosition right) => left.Key.CompareTo(right.Key) < 0;

    public static bool operator >(EventPosition left, EventPosition right) => left.Key.CompareTo(right.Key) > 0;

    /// <summary>Fifty-six digits that name this position and nothing else. The first seven tell a token from mere
    /// digits, and whether it was made for the same stream or group.</summary>
    /// <param name="scope">The id of the stream or group.</param>
    public string ToDigits(long scope) => string.Create(
        CultureInfo.InvariantCulture, $"{CheckOf(scope):D7}{Timestamp:D15}{Ingested:D15}{Sequence:D19}");

    public static bool TryParse(ReadOnlySpan<char> digits, long scope, out EventPosition position)
    {
        position = default;
        if (digits.Length != Digits || digits.ContainsAnyExceptInRange('0', '9')
            || !long.TryParse(
                digits[(CheckDigits + (2 * TimeDigits))..], CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        position = new(Number(digits.Slice(CheckDigits, TimeDigits)),
            Number(digits.Slice(CheckDigits + TimeDigits, TimeDigits)), sequence);
        return Number(digits[..CheckDigits]) == position.CheckOf(scope);
    }

    (long, long, long) Key => (Timestamp, Ingested, Sequence);

    static long Number(ReadOnlySpan<char> digits) => long.Parse(digits, CultureInfo.InvariantCulture);

    // FNV-1a over the four numbers: it has to tell a slip from a token, not to withstand a forger.
    long CheckOf(long scope)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var number in (ReadOnlySpan<long>)[scope, Timestamp, Ingested, Sequence])
        {
            for (var shift = 0; shift < 64; shift += 8)
                hash = unchecked((hash ^ (byte)(number >> shift)) * 1_099_511_628_211UL);
        }

        return (long)(hash % 10_000_000);
    }
}
