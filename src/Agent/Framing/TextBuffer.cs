using System.Buffers;

namespace Agent.Framing;

/// <summary>Where a text is put together that cannot be sent as it stands in the file. It holds memory only while a
/// block is being framed, and never more than an event's.</summary>
sealed class TextBuffer(int longestBytes)
{
    byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, Length);

    public bool TryAppend(ReadOnlySpan<byte> text)
    {
        var fits = text.TryCopyTo(Room(text.Length));
        Advance(fits ? text.Length : 0);
        return fits;
    }

    /// <summary>Room for so many bytes, or for as many as the limit leaves.</summary>
    public Span<byte> Room(int wantedBytes)
    {
        var needed = Math.Min(Length + wantedBytes, longestBytes);
        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Min(_bytes.Length * 2, longestBytes), needed));
            Text.CopyTo(larger);
            var length = Length;
            Release();
            (_bytes, Length) = (larger, length);
        }

        return _bytes.AsSpan(Length, needed - Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void CutTo(int length) => Length = length;

    /// <summary>Copies a part to where another part need not be kept.</summary>
    public void Move(int from, int to, int bytes) => _bytes.AsSpan(from, bytes).CopyTo(_bytes.AsSpan(to));

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        Length = 0;
    }
}
