using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Says what is wrong with files that are watched, and nothing of what is read: the log has that of the
/// shipping.</summary>
sealed class WarningsOnly(ILogger log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel level) => level >= LogLevel.Warning && log.IsEnabled(level);

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
    {
        if (IsEnabled(level))
        {
            log.Log(level, id, state, exception, format);
        }
    }
}
