using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Checkpoint;

/// <summary>Says what was recorded as undelivered. Gaps are rare and said one by one; dead letters may come by the
/// thousand, from one file and for one reason: the first is said, and then once a minute how many there were. For one
/// thread at a time.</summary>
sealed partial class GapNews(TimeProvider time, ILogger log)
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    const int MostRuns = 1000;

    readonly ILogger _log = log;
    readonly Dictionary<string, Run> _runs = []; // by path

    sealed class Run(long began)
    {
        public long Said { get; set; } = began;
        public long Events { get; set; }
    }

    public void Say(Gap gap)
    {
        if (gap.DeadLetter is { } letter)
        {
            SayLetter(gap, letter.Events);
        }
        else if (gap.ToBytes is { } to)
        {
            LogGap(gap.SourcePath, gap.FromBytes, to, gap.Reason);
        }
        else
        {
            LogPossibleGap(gap.SourcePath, gap.FromBytes, gap.Reason);
        }
    }

    /// <param name="letters">How many were given up; nothing is said of none.</param>
    public void SayGivenUp(int letters, long capBytes)
    {
        if (letters > 0)
        {
            LogGivenUp(letters, capBytes >> 20);
        }
    }

    void SayLetter(Gap gap, int events)
    {
        if (!_runs.TryGetValue(gap.SourcePath, out var run))
        {
            if (_runs.Count == MostRuns)
            {
                _runs.Clear();
            }

            _runs[gap.SourcePath] = new(time.GetTimestamp());
            LogLetter(gap.SourcePath, gap.FromBytes, gap.ToBytes ?? 0, events, gap.Reason);
            return;
        }

        run.Events += events;
        if (time.GetElapsedTime(run.Said) >= Interval)
        {
            LogLetters(gap.SourcePath, run.Events, gap.Reason);
            run.Events = 0;
            run.Said = time.GetTimestamp();
        }
    }

    [LoggerMessage(602, LogLevel.Warning, "{Path}: bytes {From} to {To} will never be delivered: {Reason}")]
    partial void LogGap(string path, long from, long to, string reason);

    // Nothing is known to be missing: every copytruncate ends so.
    [LoggerMessage(603, LogLevel.Warning,
        "{Path}: what was written after byte {From}, if anything, will never be delivered: {Reason}")]
    partial void LogPossibleGap(string path, long from, string reason);

    [LoggerMessage(604, LogLevel.Warning,
        "{Path}: bytes {From} to {To}, log events: {Events}, cannot be delivered: {Reason}. They are kept: vigil "
        + "deadletters list")]
    partial void LogLetter(string path, long from, long to, int events, string reason);

    [LoggerMessage(605, LogLevel.Warning,
        "{Path}: {Events} more log events cannot be delivered, the last because: {Reason}. They are kept: vigil "
        + "deadletters list")]
    partial void LogLetters(string path, long events, string reason);

    [LoggerMessage(606, LogLevel.Error,
        "Dead letters take more than {Megabytes} MiB: the log events of the {Letters} oldest are given up, their "
        + "records stay (vigil gaps). Look into them in time (vigil deadletters list), or raise "
        + "vigil.dead_letters_mb")]
    partial void LogGivenUp(int letters, long megabytes);
}
