using Agent.Events;

namespace Agent.Detect;

/// <summary>Notices that somebody is still to be told of, oldest first. Whatever changes comes back as rows that are to
/// be kept.</summary>
/// <remarks>For one thread at a time.</remarks>
sealed class Notices
{
    /// <summary>Whoever could not be told of more is told of these, and finds the others in the history.</summary>
    public const int Most = 500;

    readonly List<AlarmNotice> _waiting = [];

    public IReadOnlyList<AlarmNotice> All => [.. _waiting];

    /// <summary>Takes over what the run before kept.</summary>
    /// <param name="channels">Who can be told. Notices for others are forgotten.</param>
    /// <param name="detections">What is to be left out of lines that may not be told as they were kept.</param>
    public IEnumerable<StateRow> Restore(
        IReadOnlyList<AlarmNotice> kept, IReadOnlyList<string> channels, IReadOnlyList<Detection> detections)
    {
        var rows = new List<StateRow>();
        var redactions = detections.ToDictionary(
            one => one.Name, one => new Redaction(one.Redacted), StringComparer.Ordinal);
        foreach (var notice in kept)
        {
            var redaction = redactions.GetValueOrDefault(notice.Alarm);
            var left = notice with
            {
                Channels = [.. notice.Channels.Where(channels.Contains)],
                Lines = [.. notice.Lines.Select(line => redaction?.Of(line) ?? line)]
            };
            if (left.Channels.Count > 0)
            {
                _waiting.Add(left);
                rows.AddRange(left.Lines.SequenceEqual(notice.Lines) ? [] : [WatchRows.Of(left)]);
            }
            else
            {
                rows.Add(WatchRows.Gone(notice));
            }
        }

        return rows;
    }

    /// <summary>Takes in what is to be told; what is too much goes, the oldest first.</summary>
    public IEnumerable<StateRow> Add(IReadOnlyList<AlarmNotice> noticed)
    {
        var added = noticed.Where(notice => notice.Channels.Count > 0).ToList();
        _waiting.AddRange(added);
        var rows = added.ConvertAll(WatchRows.Of);
        if (_waiting.Count > Most)
        {
            rows.AddRange(_waiting.Take(_waiting.Count - Most).Select(WatchRows.Gone));
            _waiting.RemoveRange(0, _waiting.Count - Most);
        }

        return rows;
    }

    /// <summary>Somebody was told.</summary>
    public IReadOnlyList<StateRow> NoteTold(IReadOnlyList<AlarmNotice> told, string channel)
    {
        var rows = new List<StateRow>();
        foreach (var notice in told)
        {
            var at = _waiting.FindIndex(one => one.Id == notice.Id);
            if (at < 0)
            {
                continue;
            }

            var left = _waiting[at] with { Channels = [.. _waiting[at].Channels.Where(one => one != channel)] };
            if (left.Channels.Count == 0)
            {
                _waiting.RemoveAt(at);
            }
            else
            {
                _waiting[at] = left;
            }

            rows.Add(left.Channels.Count == 0 ? WatchRows.Gone(left) : WatchRows.Of(left));
        }

        return rows;
    }
}
