using System.Buffers;
using System.IO.Compression;

namespace Agent.Aws;

/// <summary>A request body compressed into pooled memory, which is given back when disposed.</summary>
sealed class GzipBody : IDisposable
{
    // Below this the head of the request is the larger part.
    const int LeastBytes = 1024;

    readonly ChunkedStream _packed;

    GzipBody(ChunkedStream packed) => _packed = packed;

    /// <summary>The body in pieces.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Parts => _packed.Written;

    /// <summary>Compresses a body.</summary>
    /// <returns>Null where it would not be shorter for it.</returns>
    public static GzipBody? TryPack(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var length = parts.Sum(part => (long)part.Length);
        if (length < LeastBytes)
        {
            return null;
        }

        var packed = new ChunkedStream();
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

    // Nobody knows how much of a log is left of it, a tenth or a third: so it grows by pieces, and nothing is copied.
    sealed class ChunkedStream : Stream
    {
        const int ChunkBytes = 32 << 10;

        readonly List<byte[]> _chunks = [];
        long _length;

        public IReadOnlyList<ReadOnlyMemory<byte>> Written =>
        [
            .. from chunk in _chunks.Index()
               let bytes = Math.Min(ChunkBytes, _length - Before(chunk.Index))
               select chunk.Item.AsMemory(0, (int)bytes)
        ];

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => _length;

        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                if (_length == Before(_chunks.Count))
                {
                    _chunks.Add(ArrayPool<byte>.Shared.Rent(ChunkBytes));
                }

                var room = _chunks[^1].AsSpan(0, ChunkBytes)[(int)(_length - Before(_chunks.Count - 1))..];
                var part = buffer[..Math.Min(room.Length, buffer.Length)];
                part.CopyTo(room);
                _length += part.Length;
                buffer = buffer[part.Length..];
            }
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
            _chunks.ForEach(chunk => ArrayPool<byte>.Shared.Return(chunk));
            _chunks.Clear();
            base.Dispose(disposing);
        }

        static long Before(int chunk) => (long)chunk * ChunkBytes;
    }
}
