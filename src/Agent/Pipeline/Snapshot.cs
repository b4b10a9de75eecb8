using Agent.Events;
using Agent.Framing;
using Agent.Status;
using Agent.Upload;

namespace Agent.Pipeline;

/// <summary>What one reader knows, as the status shows it. Taken on the reader's thread.</summary>
sealed record Snapshot(
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<SourceStatus> Sources,
    IReadOnlyList<FilterStatus> Filters,
    IReadOnlyList<SkippedFile> Skipped)
{
    const string OfFile = "file";

    /// <param name="time">That senders go by.</param>
    public static Snapshot Of(IReadOnlyList<Entry> entries, TimeProvider time)
    {
        var sources = entries.SelectMany(entry => entry.Sources).ToList();
        return new(
            [.. entries.SelectMany(ProblemsOf), .. sources.SelectMany(ProblemsOf)],
            [.. sources.Select(source => Of(source, time))],
            [.. entries.SelectMany(FiltersOf)],
            [.. entries.SelectMany(entry => entry.Skipped.Select(one => new SkippedFile(one.Key, one.Value)))]);
    }

    static IEnumerable<Problem> ProblemsOf(Entry entry) => entry.Faults.Select(fault =>
        new Problem(fault.Path, $"{fault.Reason}; files in it that are to be shipped are not found")
        {
            Cause = OfFile
        });

    static IEnumerable<Problem> ProblemsOf(Source source)
    {
        if (source.IsHindered)
        {
            yield return new(source.Path, source.Trouble) { Cause = source.IsForbidden ? "permission" : OfFile };
        }

        // The lanes of a source send to one stream: what one meets, all do.
        var refused = source.Lives.Select(life => life.Lane.Sender).OfType<StreamSender>()
            .Select(sender => (sender.Target, sender.Status.Fault))
            .FirstOrDefault(sender => sender.Fault is not null);
        if (refused.Fault is { } fault)
        {
            yield return new(refused.Target?.ToString() ?? source.Path, $"cannot deliver: {fault.Text}")
            {
                Cause = fault.Cause
            };
        }
        else if (source.IsAtStandstill && !source.IsHindered)
        {
            yield return new(source.Path, "lines wait, and none was read or delivered for 5 minutes")
            {
                Cause = OfFile
            };
        }
    }

    static SourceStatus Of(Source source, TimeProvider time)
    {
        var target = source.Lives.Select(life => life.Lane.Sender?.Target).FirstOrDefault(target => target is not null);
        return new(
            source.Path, target?.Group ?? source.Plan.LogGroup, target?.Stream ?? source.Plan.LogStream,
            source.Trouble.Length == 0 ? null : source.Trouble, [.. source.Lives.Select(life => Of(life, time))],
            Of(source.Counts))
        {
            Totals = source.Totals
        };
    }

    static FileStatus Of(Life life, TimeProvider time)
    {
        var (read, known) = life.Lane.Extent;
        var (device, inode) = life.Lane.Identity;
        var path = life.Lane.Content.CurrentPath;
        return new(
            path, device, inode, life.IsPast, known, read, life.Lane.DeliveredBytes,
            life.Lane.Sender?.Status ?? DeliveryStatus.None)
        {
            BehindSeconds = BehindSecondsOf(life, time),
            IsHeld = path is null && !life.Lane.IsReleased
        };
    }

    // What the service denies is given back, and waits in its file.
    static double BehindSecondsOf(Life life, TimeProvider time)
    {
        var denied = life.Lane.Sender?.Status.Fault is { } fault && life.IsWaiting
            ? time.GetUtcNow() - fault.Since
            : default;
        var oldest = life.Lane.OldestAge ?? default;
        return Math.Round((denied > oldest ? denied : oldest).TotalSeconds, 1);
    }

    static EventCounts Of(FramingCounts counts) => new(
        counts.Events, counts.SplitPieces, counts.ReplacedSequences, counts.NulBytes, counts.InheritedStamps,
        counts.BlankLines);

    static IEnumerable<FilterStatus> FiltersOf(Entry entry) => entry.Plan.Filters.Select((rule, index) =>
        new FilterStatus(
            entry.Plan.Files.Text, rule.IsInclude ? "include" : "exclude", rule.Written, entry.DroppedBy(index)));
}
