namespace Agent.Batch;

/// <summary>A piece of the memory that batches are built in.</summary>
/// <param name="Slab">Whose it is; null where it was given beyond the budget.</param>
readonly record struct Segment(byte[] Array, int Offset, int Length, Slab? Slab)
{
    public Span<byte> Span => Array.AsSpan(Offset, Length);

    /// <summary>Whether its memory goes on where that of another ends.</summary>
    public bool Follows(Segment other) =>
        Slab is not null && Slab == other.Slab && Offset == other.Offset + other.Length;
}
