using System.Buffers;

namespace Agent.Events;

/// <summary>Where in the file the log events of a batch begin, so that one that is refused can be named by its bytes.
/// In the order of the batch's body. Given back with the batch's memory.</summary>
sealed class EventStarts
{
    /// <summary>How far from the batch's beginning an event may begin.</summary>
    public const long Farthest = uint.MaxValue;

    const int FewEvents = 16;

    uint[] _offsets = [];
    int _count;

    /// <param name="offset">In bytes from where the batch begins; at most <see cref="Farthest"/>.</param>
    public void Add(long offset)
    {
        if (_count == _offsets.Length)
        {
            var larger = ArrayPool<uint>.Shared.Rent(Math.Max(FewEvents, _count * 2));
            _offsets.AsSpan(0, _count).CopyTo(larger);
            Return(_offsets);
            _offsets = larger;
        }

        _offsets[_count++] = (uint)offset;
    }

    /// <summary>The body was put in order.</summary>
    /// <param name="order">Of each event the index that it had before.</param>
    public void Reorder(IReadOnlyList<int> order)
    {
        var before = _offsets[.._count];
        for (var i = 0; i < _count; i++)
        {
            _offsets[i] = before[order[i]];
        }
    }

    /// <summary>Bytes of the file, from the batch's beginning, that some of its events lie in: from the first of them
    /// up to the next event that is none of them. Of a batch of unknown places it is all of it.</summary>
    /// <param name="lengthBytes">Of the whole batch.</param>
    public (long From, long To) RangeOf(int first, int count, long lengthBytes)
    {
        if (first + count > _count)
        {
            return (0, lengthBytes);
        }

        var from = uint.MaxValue;
        var last = 0u;
        foreach (var offset in _offsets.AsSpan(first, count))
        {
            (from, last) = (Math.Min(from, offset), Math.Max(last, offset));
        }

        var to = lengthBytes;
        foreach (var offset in _offsets.AsSpan(0, _count))
        {
            to = offset > last ? Math.Min(to, offset) : to;
        }

        return (from, to);
    }

    /// <summary>Gives the memory back.</summary>
    public void Return()
    {
        Return(_offsets);
        _offsets = [];
        _count = 0;
    }

    static void Return(uint[] offsets)
    {
        if (offsets.Length > 0)
        {
            ArrayPool<uint>.Shared.Return(offsets);
        }
    }
}
