using Agent.Events;

namespace Agent.Notify;

/// <summary>A way to tell somebody that an alarm changed its state.</summary>
/// <param name="name">As configured.</param>
abstract class Channel(string name) : IDisposable
{
    public string Name => name;

    /// <summary>How many may be told of at once; one where each is sent alone.</summary>
    public virtual int MostAtOnce => 1;

    /// <summary>How often in a minute it may be used.</summary>
    public virtual int MostAMinute => 60;

    /// <summary>Tells of one notice, or of several at once where there are too many to tell of each.</summary>
    /// <exception cref="NotifyException">They were not taken; the message says why.</exception>
    public abstract Task SendAsync(IReadOnlyList<AlarmNotice> notices, CancellationToken cancel);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A notice was not taken. What it says is for people; it holds no secret and no line of a log.</summary>
sealed class NotifyException(string message, Exception? inner = null) : Exception(message, inner);
