namespace Agent.Tests.Support;

/// <summary>A connection that takes bytes only when it is let.</summary>
sealed class GatedStream : MemoryStream
{
    readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.SetResult();

    public void Break() => _gate.SetException(new IOException("reset"));

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Deaf to cancellation, as a write that is in the kernel already is.
        await _gate.Task;
        await base.WriteAsync(buffer, cancellationToken);
    }
}
