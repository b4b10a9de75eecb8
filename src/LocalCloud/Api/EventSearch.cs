using CloudWatch.Patterns;
using LocalCloud.Store;

namespace LocalCloud.Api;

/// <summary>One page's worth of searching a group: goes through its events in order and keeps those of the wanted
/// streams that match.</summary>
sealed class EventSearch(EventPage page, PatternMatcher pattern)
{
    // A page ends here even when it is empty, so that a rare pattern in a large group neither keeps its caller
    // waiting for more than a fraction of a second nor holds a snapshot that stops the log from being checkpointed.
    const int MaxScannedEvents = 100_000;
    const int MaxScannedBytes = 64 * 1024 * 1024;

    // Null for a stream that is not wanted, or no longer there.
    readonly Dictionary<long, string?> _names = [];
    readonly Dictionary<long, string> _found = [];
    HashSet<long>? _only;
    string _prefix = "";

    /// <summary>The names of the streams of the events on the page.</summary>
    public IReadOnlyDictionary<long, string> StreamNames => _found;

    /// <summary>Restricts the search to some streams (none given: all), and to names with a prefix.</summary>
    public void Only(List<StreamRow> streams, string? prefix)
    {
        _only = streams.Count == 0 ? null : streams.Select(stream => stream.Id).ToHashSet();
        _prefix = prefix ?? "";
    }

    /// <summary>Fills the page.</summary>
    /// <returns>Where to go on; null once there is nothing more.</returns>
    public EventPosition? Run(Connection connection, EventRange range)
    {
        var rows = EventTable.Read(connection, range);
        var (scanned, bytes, last) = (0, 0L, default(EventPosition?));
        while (rows.Step())
        {
            if (scanned++ == MaxScannedEvents || bytes > MaxScannedBytes)
                break;

            var position = EventTable.PositionOf(rows);
            var message = rows.Blob(4);
            var stream = rows.Long(3);
            bytes += message.Length;
            if (NameOf(connection, stream) is { } name && pattern.Matches(message))
            {
                if (!page.TryAdd(position, stream, message))
                    break;
                _found[stream] = name;
            }

            last = position;
        }

        var isDone = !rows.IsOnRow;
        rows.Reset();
        return isDone ? null : last;
    }

    string? NameOf(Connection connection, long stream)
    {
        if (!_names.TryGetValue(stream, out var name))
        {
            name = _only?.Contains(stream) == false ? null : StreamTable.NameOf(connection, stream);
            name = name?.StartsWith(_prefix, StringComparison.Ordinal) == true ? name : null;
            _names.Add(stream, name);
        }

        return name;
    }
}
