using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Agent.Commands;

/// <summary>The agent's own log.</summary>
static class ServiceLog
{
    /// <param name="isVerbose">Each batch too, and what the host does.</param>
    public static Logger Create(bool isVerbose) => new LoggerConfiguration()
        .MinimumLevel.Is(isVerbose ? LogEventLevel.Debug : LogEventLevel.Information)
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .WriteTo.Console(JournalFormat.ForStandardError(), standardErrorFromLevel: LogEventLevel.Verbose)
        .CreateLogger();
}
