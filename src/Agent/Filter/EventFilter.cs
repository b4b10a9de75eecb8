using Agent.Events;
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

    /// <summary>Whether a line that is an event by itself is to be sent.</summary>
    /// <param name="line">With its line end, and at least a byte before that.</param>
    public bool KeepsLine(ReadOnlySpan<byte> line) => Keeps(line[..^(line[^2] == (byte)'\r' ? 2 : 1)]);

    /// <summary>Passes over lines that are events and not to be sent, up to the first that is, or that is no event by
    /// itself.</summary>
    /// <param name="from">Where among the lines the first begins, in bytes.</param>
    /// <param name="to">No line is looked at that begins there or behind.</param>
    /// <param name="events">How many were passed over is added.</param>
    /// <returns>How many bytes they have, their line ends included.</returns>
    public int DropLines(scoped in EventLines lines, int from, int to, ref int events)
    {
        var at = from;
        for (; at < to; events++)
        {
            var rest = lines.Bytes[at..];
            var bytes = rest.IndexOf((byte)'\n') + 1;
            if (bytes <= 1 || (bytes == 2 && rest[0] == (byte)'\r') || !lines.EndsAt(at + bytes)
                || KeepsLine(rest[..bytes]))
            {
                break;
            }

            at += bytes;
        }

        return at - from;
    }
}
