using Agent.Events;

namespace Agent.Detect;

/// <summary>What was observed in a stretch of a file, until it is put to the account of its detections together with
/// how far was read.</summary>
sealed class Sightings
{
    /// <summary>Of a line's text, in bytes.</summary>
    public const int MostLineBytes = 1024;

    readonly Dictionary<Detection, Tally> _tallies = new(ReferenceEqualityComparer.Instance);

    public bool IsEmpty { get; private set; } = true;

    /// <summary>What was observed for each detection, in the order it was, and the last lines that matched, oldest
    /// first.</summary>
    public IEnumerable<(Detection Detection, IReadOnlyList<Sighting> Observed, IReadOnlyList<SeenLine> Lines)> All =>
        from one in _tallies
        where one.Value.Observed.Count > 0
        select (one.Key, (IReadOnlyList<Sighting>)one.Value.Observed, one.Value.Lines.Last);

    /// <param name="unixSeconds">When it was.</param>
    /// <param name="line">Empty for what did not match and counts by default.</param>
    /// <param name="dimensions">Their values, the same object for the same values; null where there are none, or too
    /// many to publish.</param>
    public void Add(
        Detection detection, long unixSeconds, double value, ReadOnlySpan<byte> line, string[]? dimensions = null)
    {
        IsEmpty = false;
        if (!_tallies.TryGetValue(detection, out var tally))
        {
            _tallies.Add(detection, tally = new([], new(detection.MostLines, new(detection.Redacted))));
        }

        var minute = unixSeconds - (unixSeconds % 60);
        var observed = tally.Observed;
        if (observed is [.., var last] && last.Minute == minute && last.Value == value
            && ReferenceEquals(last.Dimensions, dimensions))
        {
            observed[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            observed.Add(new(minute, value, 1) { Dimensions = dimensions });
        }

        if (!line.IsEmpty && detection.MostLines > 0)
        {
            tally.Lines.Add(unixSeconds, line);
        }
    }

    public void Clear()
    {
        IsEmpty = true;
        foreach (var tally in _tallies.Values)
        {
            tally.Observed.Clear();
            tally.Lines.Clear();
        }
    }

    sealed record Tally(List<Sighting> Observed, LineRing Lines);

    /// <summary>The last few lines, as bytes: most are thrown out by those that follow before anybody wants them.
    /// </summary>
    sealed class LineRing(int most, Redaction redaction)
    {
        readonly int _mostBytes = MostLineBytes + redaction.LookAheadBytes;
        readonly (long At, int Length, bool IsCut, byte[] Text)[] _slots =
            [.. Enumerable.Range(0, most).Select(_ => (0L, 0, false, Array.Empty<byte>()))];

        int _count;

        public IReadOnlyList<SeenLine> Last
        {
            get
            {
                var kept = Math.Min(_count, most);
                return
                [
                    .. Enumerable.Range(_count - kept, kept).Select(i => _slots[i % most]).Select(slot => new SeenLine(
                        DateTimeOffset.FromUnixTimeSeconds(slot.At),
                        redaction.Of(slot.Text.AsSpan(0, slot.Length), slot.IsCut, MostLineBytes)))
                ];
            }
        }

        public void Add(long at, ReadOnlySpan<byte> line)
        {
            ref var slot = ref _slots[_count++ % most];
            slot.IsCut = line.Length > _mostBytes;
            line = line[..Math.Min(line.Length, _mostBytes)];
            if (slot.Text.Length < line.Length)
            {
                slot.Text = new byte[_mostBytes];
            }

            line.CopyTo(slot.Text);
            (slot.At, slot.Length) = (at, line.Length);
        }

        public void Clear() => _count = 0;
    }
}

/// <summary>So many observations of one value in one minute.</summary>
/// <param name="Minute">Its beginning, in seconds since 1970.</param>
readonly record struct Sighting(long Minute, double Value, double Count)
{
    /// <summary>The values of the dimensions that it is published with; null where it has none.</summary>
    public string[]? Dimensions { get; init; }
}
