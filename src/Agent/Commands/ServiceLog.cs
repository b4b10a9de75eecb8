using Agent.Config.Model;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Agent.Commands;

/// <summary>The agent's own log. Where it goes and what is in it can be changed while it is written.</summary>
sealed class ServiceLog : IDisposable
{
    readonly LoggingLevelSwitch _level = new();
    readonly LogFile _file = new();
    readonly bool _isVerbose;

    /// <param name="isVerbose">Each batch too, whatever the configuration says.</param>
    public ServiceLog(bool isVerbose)
    {
        _isVerbose = isVerbose;
        _level.MinimumLevel = isVerbose ? LogEventLevel.Debug : LogEventLevel.Information;
        var console = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Filter.ByIncludingOnly(IsForConsole)
            .WriteTo.Console(JournalFormat.ForStandardError(), standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
        Written = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(_level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Sink(new RepeatLimit([_file, console], TimeProvider.System))
            .CreateLogger();
    }

    /// <summary>What writes it.</summary>
    public Logger Written { get; }

    /// <summary>Does as a configuration says.</summary>
    /// <param name="asked">The level that somebody asked for beside the configuration; null when nobody did.</param>
    /// <returns>Why its file cannot be written to; null when it can, or there is none.</returns>
    public string? Follow(AgentSection agent, LogEventLevel? asked)
    {
        _level.MinimumLevel = _isVerbose ? LogEventLevel.Debug
            : asked ?? (agent.Debug ? LogEventLevel.Debug
                : agent.Quiet ? LogEventLevel.Error
                : LogEventLevel.Information);
        return _file.WriteTo(agent.Logfile is { Length: > 0 } path ? path : null);
    }

    // What is in a file need not be in the journal too, but for what somebody should know.
    bool IsForConsole(LogEvent logEvent) => logEvent.Level >= LogEventLevel.Warning || !_file.IsUsed;

    public void Dispose() => Written.Dispose();
}
