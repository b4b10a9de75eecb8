using System.Collections.Concurrent;

namespace Agent.Pipeline;

/// <summary>Sources that other threads have news for. A reader's thread takes them between two reads.</summary>
sealed class Calls(Action wake)
{
    readonly ConcurrentQueue<Source> _called = new();

    /// <summary>A source is worth a look. On any thread.</summary>
    public void Add(Source source)
    {
        _called.Enqueue(source);
        wake();
    }

    /// <summary>The next that was called; null when none is left.</summary>
    public Source? Take() => _called.TryDequeue(out var source) ? source : null;
}
