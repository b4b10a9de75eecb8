using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Checkpoint;

/// <summary>Says what was recorded as undelivered. Gaps are rare and said one by one; dead letters may come by the
/// thousand, from one file and for one reason: the first is said, and then once a minute how many there were. Any
/// thread may call.</summary>
sealed partial class GapNews(TimeProvider time, ILogger log)
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    const int MostRuns = 1000;

    readonly ILogger _log = log;
    readonly Lock _lock = new();
    readonly Dictionary<(string Path, bool IsKept), Run> _runs = [];

    sealed class Run(long began)
    {
        public long Said { get; set; } = began;
        public long Events { get; set; }
    }

    public void Say(Gap gap)
    {
        if (gap.DeadLetter is { } letter)
        {
            SayLetter(gap, letter);
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

    void SayLetter(Gap gap, DeadLetter letter)
    {
        var isKept = letter.Body is not null;
        if (TakeDue((gap.SourcePath, isKept), letter.Events) is not { } events)
        {
            return;
        }

        if (isKept)
        {
            LogLetters(gap.SourcePath, events, gap.FromBytes, gap.ToBytes ?? 0, gap.Reason);
        }
        else
        {
            LogNotKept(gap.SourcePath, events, gap.FromBytes, gap.ToBytes ?? 0, gap.Reason);
        }
    }

    // How many events are to be told of now; null when it is not time yet.
    long? TakeDue((string Path, bool IsKept) key, int events)
    {
        lock (_lock)
        {
            if (!_runs.TryGetValue(key, out var run))
            {
                if (_runs.Count == MostRuns)
                {
                    _runs.Clear();
                }

                _runs[key] = new(time.GetTimestamp());
                return events;
            }

            run.Events += events;
            if (time.GetElapsedTime(run.Said) < Interval)
            {
                return null;
            }

            var told = run.Events;
            (run.Events, run.Said) = (0, time.GetTimestamp());
            return told;
        }
    }

    [LoggerMessage(602, LogLevel.Warning, "{Path}: bytes {From} to {To} will never be delivered: {Reason}")]
    partial void LogGap(string path, long from, long to, string reason);

    // Nothing is known to be missing: every copytruncate ends so.
    [LoggerMessage(603, LogLevel.Warning,
        "{Path}: what was written after byte {From}, if anything, will never be delivered: {Reason}")]
    partial void LogPossibleGap(string path, long from, string reason);

    [LoggerMessage(604, LogLevel.Warning,
        "{Path}: {Events} log events cannot be delivered, the last of them in bytes {From} to {To}: {Reason}. They are "
        + "kept: vigil deadletters list")]
    partial void LogLetters(string path, long events, long from, long to, string reason);

    [LoggerMessage(605, LogLevel.Error,
        "{Path}: {Events} log events cannot be delivered, the last of them in bytes {From} to {To}: {Reason}. Nor are "
        + "they kept, since the state folder cannot be written: only where they stood is recorded. Free the disk")]
    partial void LogNotKept(string path, long events, long from, long to, string reason);

    [LoggerMessage(606, LogLevel.Error,
        "Dead letters take more than {Megabytes} MiB: the log events of the {Letters} oldest are given up, their "
        + "records stay (vigil gaps). Look into them in time (vigil deadletters list), or raise "
        + "vigil.dead_letters_mb")]
    partial void LogGivenUp(int letters, long megabytes);
}
