using System.Buffers;

namespace LocalCloud;

/// <summary>A buffer that grows, on arrays of the shared pool: a body or an answer of a megabyte would otherwise go to
/// the large object heap with every call.</summary>
sealed class PooledBuffer(int capacity = PooledBuffer.DefaultCapacity) : IBufferWriter<byte>, IDisposable
{
    const int DefaultCapacity = 4096;

    byte[] _array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    /// <summary>Good until the next write.</summary>
    public Memory<byte> Written => _array.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>What was written, to be read as a stream. Good until the next write.</summary>
    public Stream AsStream() => new MemoryStream(_array, 0, Length, writable: false);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
        Length = 0;
    }

    void Reserve(int count)
    {
        if (_array.Length - Length >= count)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_array.Length * 2, Length + count));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
