namespace Agent.Batch;

/// <summary>Bytes written one after another into rented segments. A write that finds no memory says so and leaves
/// the body to be rolled back to a mark.</summary>
/// <param name="mayOverdraw">Whether a segment is given whatever the budget.</param>
/// <param name="isForMuch">A full batch is expected.</param>
sealed class SegmentedBody(SegmentPool pool, Func<bool> mayOverdraw, bool isForMuch = false)
{
    readonly List<Segment> _segments = pool.RentList();
    long _before; // in all but the last segment: they are full
    int _used; // in the last segment
    bool _isReleased;

    public long LengthBytes => _before + _used;

    /// <summary>What is free in the last segment; whoever writes there says so by <see cref="Advance"/>.</summary>
    public Span<byte> Room => _segments.Count == 0 ? default : _segments[^1].Span[_used..];

    public void Advance(int bytes) => _used += bytes;

    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var room = Room;
            if (bytes.Length <= room.Length)
            {
                bytes.CopyTo(room);
                _used += bytes.Length;
                return true;
            }

            bytes[..room.Length].CopyTo(room);
            _used += room.Length;
            bytes = bytes[room.Length..];
            var segment = pool.TryRent(_segments.Count == 0 ? default : _segments[^1], isForMuch);
            if (segment is null && mayOverdraw())
            {
                segment = pool.Overdraw(bytes.Length);
            }

            if (segment is not { } given)
            {
                return false;
            }

            if (_segments.Count == 1)
            {
                _segments.EnsureCapacity(Slab.MostSegments); // it is a full batch that does not stop at one
            }

            _segments.Add(given);
            _before += _used;
            _used = 0;
        }
    }

    /// <summary>Writes UTF-8 text as the inside of a JSON string (RFC 8259, 7).</summary>
    public bool TryWriteEscaped(ReadOnlySpan<byte> text)
    {
        Span<byte> escape = stackalloc byte[EscapedText.LongestEscape];
        while (true)
        {
            var plain = text.IndexOfAny(EscapedText.MustEscape);
            if (plain < 0)
            {
                return TryWrite(text);
            }

            if (!TryWrite(text[..plain]) || !TryWrite(escape[..EscapedText.Escape(text[plain], escape)]))
            {
                return false;
            }

            text = text[(plain + 1)..];
        }
    }

    /// <summary>Takes back everything after a length that the body had before.</summary>
    public void RollBackTo(long lengthBytes)
    {
        var keep = _segments.Count;
        while (keep > 0 && _before >= lengthBytes)
        {
            keep--;
            _before -= keep > 0 ? _segments[keep - 1].Length : 0;
        }

        pool.Return(_segments[keep..]);
        _segments.RemoveRange(keep, _segments.Count - keep);
        _used = (int)(lengthBytes - _before);
    }

    /// <summary>Puts other bytes, as many, in the place of what is written.</summary>
    public void Rewrite(Func<byte[], byte[]> change)
    {
        var text = new byte[LengthBytes];
        var at = 0;
        foreach (var part in Written())
        {
            part.CopyTo(text.AsMemory(at));
            at += part.Length;
        }

        ReadOnlySpan<byte> changed = change(text);
        foreach (var segment in _segments)
        {
            var part = changed[..Math.Min(changed.Length, segment.Length)];
            part.CopyTo(segment.Span);
            changed = changed[part.Length..];
        }
    }

    /// <summary>The written bytes, in as few pieces as the memory is in. It stays the body's until
    /// <see cref="Release"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Written()
    {
        List<ReadOnlyMemory<byte>> written = [];
        for (var first = 0; first < _segments.Count;)
        {
            var next = first + 1;
            while (next < _segments.Count && _segments[next].Follows(_segments[next - 1]))
            {
                next++;
            }

            var last = _segments[next - 1];
            written.Add(last.From(_segments[first], next == _segments.Count ? _used : last.Length));
            first = next;
        }

        return written;
    }

    /// <summary>Gives the memory back. It is another's then, so a second time does nothing.</summary>
    public void Release()
    {
        if (!Interlocked.Exchange(ref _isReleased, true))
        {
            pool.Release(_segments);
        }
    }
}
