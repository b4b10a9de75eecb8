using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Notify;

/// <summary>Says it in the agent's own log, without the lines: those are the host's business, and the journal is read
/// by many.</summary>
sealed partial class JournalChannel(string name, ILogger log) : Channel(name)
{
    readonly ILogger _log = log;

    public override Task SendAsync(IReadOnlyList<AlarmNotice> notices, CancellationToken cancel)
    {
        foreach (var notice in notices)
        {
            if (notice.NewState == "ALARM")
            {
                LogAlarm(notice.Alarm, notice.Source, notice.Reason);
            }
            else
            {
                LogState(notice.Alarm, notice.NewState, notice.Source, notice.Reason);
            }
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(902, LogLevel.Error, "ALARM {Alarm} ({Source}): {Reason}")]
    partial void LogAlarm(string alarm, string source, string reason);

    [LoggerMessage(903, LogLevel.Information, "Alarm {Alarm} is {State} ({Source}): {Reason}")]
    partial void LogState(string alarm, string state, string source, string reason);
}
