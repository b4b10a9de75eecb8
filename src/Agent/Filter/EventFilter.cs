using System.Buffers;
using CloudWatch.Matching;

namespace Agent.Filter;

/// <summary>Decides which events of a file are sent: those that pass every rule, as the CloudWatch agent has it. What
/// is dropped here is counted by the rule that dropped it.</summary>
/// <remarks>An instance belongs to one thread; only the counters may be read from others.</remarks>
sealed class EventFilter(IReadOnlyList<FilterRule> rules)
{
    readonly ByteMatcher[] _matchers = [.. rules.Select(rule => new ByteMatcher(rule.Pattern))];
    readonly bool[] _passesOnMatch = [.. rules.Select(rule => rule.IsInclude)];
    readonly long[] _dropped = new long[rules.Count];

    /// <summary>Events that a rule dropped, from any thread. An event counts for the first rule it does not
    /// pass.</summary>
    public long DroppedBy(int rule) => Volatile.Read(ref _dropped[rule]);

    /// <summary>Whether an event is to be sent.</summary>
    /// <param name="text">The whole event in UTF-8, as it would be sent.</param>
    public bool Keeps(ReadOnlySpan<byte> text)
    {
        for (var rule = 0; rule < _matchers.Length; rule++)
        {
            if (_matchers[rule].IsMatch(text) != _passesOnMatch[rule])
            {
                Volatile.Write(ref _dropped[rule], _dropped[rule] + 1);
                return false;
            }
        }

        return true;
    }

    /// <summary>Passes over a line that is an event and not to be sent.</summary>
    /// <param name="lines">Valid UTF-8 of which the line is the beginning, with its line end.</param>
    /// <param name="continuing">What the line after it must not begin with; null where that does not matter.</param>
    /// <returns>How many bytes it has, the line end included; 0 where it is to be sent, or is no event by itself.
    /// </returns>
    public int DropLine(ReadOnlySpan<byte> lines, SearchValues<byte>? continuing)
    {
        var end = lines.IndexOf((byte)'\n');
        var textEnd = end > 0 && lines[end - 1] == (byte)'\r' ? end - 1 : end;
        if (textEnd <= 0
            || (continuing is not null && (end + 1 == lines.Length || continuing.Contains(lines[end + 1]))))
        {
            return 0;
        }

        return Keeps(lines[..textEnd]) ? 0 : end + 1;
    }
}
