using System.Buffers;

namespace Agent.Batch;

/// <summary>Bytes written one after another into rented segments. A write that finds no memory says so and leaves
/// the body to be rolled back to a mark.</summary>
/// <param name="mayOverdraw">Whether a segment is given whatever the budget.</param>
sealed class SegmentedBody(SegmentPool pool, Func<bool> mayOverdraw)
{
    static readonly SearchValues<byte> MustEscape =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    readonly List<byte[]> _segments = [];
    long _before; // in all but the last segment: they are full
    int _used; // in the last segment

    public long LengthBytes => _before + _used;

    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var room = _segments.Count == 0 ? 0 : _segments[^1].Length - _used;
            if (bytes.Length <= room)
            {
                bytes.CopyTo(_segments[^1].AsSpan(_used));
                _used += bytes.Length;
                return true;
            }

            if (room > 0)
            {
                bytes[..room].CopyTo(_segments[^1].AsSpan(_used));
                _used += room;
                bytes = bytes[room..];
            }

            var segment = pool.TryRent();
            if (segment is null && mayOverdraw())
            {
                segment = pool.Overdraw(bytes.Length);
            }

            if (segment is null)
            {
                return false;
            }

            _segments.Add(segment);
            _before += _used;
            _used = 0;
        }
    }

    /// <summary>Writes UTF-8 text as the inside of a JSON string (RFC 8259, 7).</summary>
    public bool TryWriteEscaped(ReadOnlySpan<byte> text)
    {
        Span<byte> escape = stackalloc byte[6];
        while (true)
        {
            var plain = text.IndexOfAny(MustEscape);
            if (plain < 0)
            {
                return TryWrite(text);
            }

            if (!TryWrite(text[..plain]) || !TryWrite(Escape(text[plain], escape)))
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
            part.CopyTo(segment);
            changed = changed[part.Length..];
        }
    }

    /// <summary>The written bytes. The memory stays the body's until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte>[] Written()
    {
        var written = new ReadOnlyMemory<byte>[_segments.Count];
        for (var i = 0; i < written.Length; i++)
        {
            written[i] = i == written.Length - 1 ? _segments[i].AsMemory(0, _used) : _segments[i];
        }

        return written;
    }

    public void Release() => pool.Return(_segments);

    static ReadOnlySpan<byte> Escape(byte value, Span<byte> escape)
    {
        escape[0] = (byte)'\\';
        var letter = value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            _ => (byte)'u'
        };
        escape[1] = letter;
        if (letter != (byte)'u')
        {
            return escape[..2];
        }

        escape[2] = escape[3] = (byte)'0';
        escape[4] = "0123456789abcdef"u8[value >> 4];
        escape[5] = "0123456789abcdef"u8[value & 0xF];
        return escape;
    }
}
