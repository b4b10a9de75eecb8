using System.Buffers;
using System.IO.Compression;

namespace Agent.Aws;

/// <summary>A request body compressed into pooled memory, which is given back when disposed.</summary>
sealed class GzipBody : IDisposable
{
    // Below this the head of the request is the larger part.
    const int LeastBytes = 1024;

    readonly PooledStream _packed;

    GzipBody(PooledStream packed) => _packed = packed;

    public ReadOnlyMemory<byte> Bytes => _packed.Written;

    /// <summary>Compresses a body.</summary>
    /// <returns>Null where it would not be shorter for it.</returns>
    public static GzipBody? TryPack(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var length = parts.Sum(part => (long)part.Length);
        if (length < LeastBytes)
        {
            return null;
        }

        var packed = new PooledStream((int)Math.Min(length / 4, 1 << 20));
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var part in parts)
            {
                gzip.Write(part.Span);
            }
        }

        if (packed.Length < length)
        {
            return new(packed);
        }

        packed.Dispose();
        return null;
    }

    public void Dispose() => _packed.Dispose();

    sealed class PooledStream(int bytes) : Stream
    {
        byte[] _buffer = ArrayPool<byte>.Shared.Rent(bytes);
        int _used;

        public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _used);

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => _used;

        public override long Position
        {
            get => _used;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_buffer.Length - _used < buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _used + buffer.Length));
                Written.Span.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }

            buffer.CopyTo(_buffer.AsSpan(_used));
            _used += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // It is where it belongs already.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                (_buffer, _used) = ([], 0);
            }

            base.Dispose(disposing);
        }
    }
}
