namespace Sink;

/// <summary>What was taken and what was not, over all connections.</summary>
sealed class Counts
{
    long _events;
    long _bytes;
    long _denied;

    /// <summary>A batch was taken.</summary>
    public void Take(int events, int bytes)
    {
        Interlocked.Add(ref _events, events);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>A batch was refused.</summary>
    public void Deny() => Interlocked.Increment(ref _denied);

    /// <summary>As one line: events, bytes of bodies, requests refused.</summary>
    public override string ToString() =>
        $"{Interlocked.Read(ref _events)} {Interlocked.Read(ref _bytes)} {Interlocked.Read(ref _denied)}";
}
