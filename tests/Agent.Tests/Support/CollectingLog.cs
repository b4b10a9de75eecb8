using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Agent.Tests.Support;

/// <summary>A log whose lines a test can read.</summary>
sealed class CollectingLog : ILogger
{
    readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    /// <summary>What a person sees with the default level: Information and above.</summary>
    public IReadOnlyList<string> Lines =>
        [.. from line in _lines where line.Level >= LogLevel.Information select $"{line.Level}: {line.Text}"];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => _lines.Enqueue((logLevel, formatter(state, exception)));
}
