namespace Agent.Batch;

/// <summary>A piece of the memory that batches are built in.</summary>
/// <param name="Slab">Whose it is; null where it was given beyond the budget.</param>
/// <param name="Overdrawn">It, where it was.</param>
readonly record struct Segment(Slab? Slab, int Offset, int Length, byte[]? Overdrawn = null)
{
    public Span<byte> Span => Slab is null ? Overdrawn : Slab.Span(Offset, Length);

    /// <summary>Whether its memory goes on where that of another ends.</summary>
    public bool Follows(Segment other) =>
        Slab is not null && Slab == other.Slab && Offset == other.Offset + other.Length;

    /// <summary>Its memory up to a byte, with that of those before which it follows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="usedBytes">Of this one.</param>
    public ReadOnlyMemory<byte> From(Segment first, int usedBytes)
    {
        var bytes = Offset + usedBytes - first.Offset;
        return Slab is null ? Overdrawn.AsMemory(0, bytes) : Slab.Memory.Slice(first.Offset, bytes);
    }
}
