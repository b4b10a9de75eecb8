using System.Numerics;

namespace Agent.Batch;

/// <summary>Memory for a full batch in one piece, given out in segments: a batch that can have the segments next to its
/// own is sent in one go. Not for several threads at once.</summary>
sealed class Slab(int segments)
{
    /// <summary>A full batch of short lines, as JSON, and some of its neighbours'.</summary>
    public const int MostSegments = 40;

    readonly byte[] _memory =
        GC.AllocateUninitializedArray<byte>(segments * SegmentPool.SegmentBytes, pinned: true);
    ulong _used; // a bit for each segment

    public int Segments => segments;

    public int Used => BitOperations.PopCount(_used);

    /// <summary>Whether a segment was in use since this was last cleared.</summary>
    public bool WasUsed { get; private set; }

    /// <summary>The segment after another of this slab; null where that is in use.</summary>
    public Segment? TryTakeAfter(Segment other)
    {
        var index = (other.Offset / SegmentPool.SegmentBytes) + 1;
        return index < segments && (_used & (1ul << index)) == 0 ? Take(index) : null;
    }

    /// <summary>The longest stretch that is free.</summary>
    public (int First, int Count) LongestFree()
    {
        var (first, count) = (0, 0);
        for (int index = 0, free = 0; index < segments; index++)
        {
            free = (_used & (1ul << index)) == 0 ? free + 1 : 0;
            (first, count) = free > count ? (index - free + 1, free) : (first, count);
        }

        return (first, count);
    }

    public Segment Take(int index)
    {
        _used |= 1ul << index;
        WasUsed = true;
        return new(_memory, index * SegmentPool.SegmentBytes, SegmentPool.SegmentBytes, this);
    }

    public void GiveBack(Segment segment) => _used &= ~(1ul << (segment.Offset / SegmentPool.SegmentBytes));

    public void ClearWasUsed() => WasUsed = _used != 0;
}
