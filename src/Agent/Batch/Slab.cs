using System.Buffers;
using System.Numerics;
using Agent.Native;

namespace Agent.Batch;

/// <summary>Memory for a full batch in one piece, given out in segments: a batch that can have the segments next to its
/// own is sent in one go. Not for several threads at once.</summary>
/// <remarks>It is the system's and not the collector's, for which a mebibyte is reason enough to look through all that
/// it has. Nobody reads of it any more when a batch is given back: a request, however it ends, does not end before its
/// body is not being written any more (HTTP/1.1).</remarks>
sealed unsafe class Slab : MemoryManager<byte>
{
    /// <summary>A full batch of short lines, as JSON, and some of its neighbours'.</summary>
    public const int MostSegments = 40;

    readonly SystemMemory _memory;
    byte* _start; // null when it is given back
    ulong _used; // a bit for each segment

    public Slab(int segments)
    {
        Segments = segments;
        _memory = new(segments * SegmentPool.SegmentBytes);
        _start = (byte*)_memory.DangerousGetHandle();
    }

    public int Segments { get; }

    public int Used => BitOperations.PopCount(_used);

    /// <summary>When its last segment was given back: a timestamp of the pool's clock, 0 while it is new.</summary>
    public long EmptySince { get; set; }

    /// <summary>Whether a segment was in use since this was last cleared.</summary>
    public bool WasUsed { get; private set; }

    /// <summary>The segment after another of this slab; null where that is in use.</summary>
    public Segment? TryTakeAfter(Segment other)
    {
        var index = (other.Offset / SegmentPool.SegmentBytes) + 1;
        return index < Segments && (_used & (1ul << index)) == 0 ? Take(index) : null;
    }

    /// <summary>The longest stretch that is free.</summary>
    public (int First, int Count) LongestFree()
    {
        var (first, count) = (0, 0);
        for (int index = 0, free = 0; index < Segments; index++)
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
        return new(this, index * SegmentPool.SegmentBytes, SegmentPool.SegmentBytes);
    }

    public void GiveBack(Segment segment) => _used &= ~(1ul << (segment.Offset / SegmentPool.SegmentBytes));

    public void ClearWasUsed() => WasUsed = _used != 0;

    /// <summary>Gives the memory back. Nothing of it may be in use.</summary>
    public void LetGo() => Dispose(disposing: true);

    public Span<byte> Span(int offset, int length) => new(Start + offset, length);

    public override Span<byte> GetSpan() => Span(0, Segments * SegmentPool.SegmentBytes);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Start + elementIndex, pinnable: this);

    public override void Unpin()
    {
        // It never moves.
    }

    protected override void Dispose(bool disposing)
    {
        _start = null;
        _memory.Dispose();
    }

    byte* Start => _start is not null ? _start : throw new ObjectDisposedException(nameof(Slab));
}
