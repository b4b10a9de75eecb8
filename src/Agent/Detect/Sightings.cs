using System.Text;
using Agent.Events;

namespace Agent.Detect;

/// <summary>What was observed in a stretch of a file, until it is put to the account of its detections together with
/// how far was read.</summary>
sealed class Sightings
{
    /// <summary>Of a line's text, in bytes.</summary>
    public const int MostLineBytes = 1024;

    readonly List<Sighting> _all = [];
    readonly Dictionary<Detection, LineRing> _lines = new(ReferenceEqualityComparer.Instance);

    public bool IsEmpty => _all.Count == 0;

    public IReadOnlyList<Sighting> All => _all;

    /// <summary>The last lines of a detection, oldest first.</summary>
    public IReadOnlyList<SeenLine> LinesOf(Detection detection) =>
        _lines.TryGetValue(detection, out var ring) ? ring.Lines : [];

    /// <param name="unixSeconds">When it was.</param>
    /// <param name="line">Empty for what did not match and counts by default.</param>
    public void Add(Detection detection, long unixSeconds, double value, ReadOnlySpan<byte> line)
    {
        var minute = unixSeconds - (unixSeconds % 60);
        var at = _all.FindLastIndex(one => one.Detection == detection);
        if (at >= 0 && _all[at] is var last && last.Minute == minute && last.Value == value)
        {
            _all[at] = last with { Count = last.Count + 1 };
        }
        else
        {
            _all.Add(new(detection, minute, value, 1));
        }

        if (line.IsEmpty || detection.MostLines == 0)
        {
            return;
        }

        if (!_lines.TryGetValue(detection, out var ring))
        {
            _lines.Add(detection, ring = new(detection.MostLines));
        }

        ring.Add(unixSeconds, line);
    }

    public void Clear()
    {
        _all.Clear();
        foreach (var ring in _lines.Values)
        {
            ring.Clear();
        }
    }

    /// <summary>The last few lines, as bytes: most are thrown out by those that follow before anybody wants them.
    /// </summary>
    sealed class LineRing(int most)
    {
        readonly (long At, int Length, byte[] Text)[] _slots =
            [.. Enumerable.Range(0, most).Select(_ => (0L, 0, Array.Empty<byte>()))];

        int _count;

        public IReadOnlyList<SeenLine> Lines
        {
            get
            {
                var kept = Math.Min(_count, most);
                return
                [
                    .. Enumerable.Range(_count - kept, kept).Select(i => _slots[i % most]).Select(slot => new SeenLine(
                        DateTimeOffset.FromUnixTimeSeconds(slot.At),
                        Encoding.UTF8.GetString(slot.Text.AsSpan(0, slot.Length))))
                ];
            }
        }

        public void Add(long at, ReadOnlySpan<byte> line)
        {
            ref var slot = ref _slots[_count++ % most];
            line = line[..Math.Min(line.Length, MostLineBytes)];
            if (slot.Text.Length < line.Length)
            {
                slot.Text = new byte[MostLineBytes];
            }

            line.CopyTo(slot.Text);
            (slot.At, slot.Length) = (at, line.Length);
        }

        public void Clear() => _count = 0;
    }
}

/// <summary>So many observations of one value in one minute.</summary>
/// <param name="Minute">Its beginning, in seconds since 1970.</param>
readonly record struct Sighting(Detection Detection, long Minute, double Value, double Count);
