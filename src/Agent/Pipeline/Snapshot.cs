using Agent.Events;
using Agent.Filter;
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

    /// <summary>The same of the journal.</summary>
    public static Snapshot Of(IReadOnlyList<JournalSource> sources, TimeProvider time) => new(
        [.. sources.SelectMany(ProblemsOf)],
        [.. sources.Select(source => Of(source, time))],
        [
            .. sources.SelectMany(source => source.Plan.Entry.Filters.Select((rule, index) =>
                Of(source.Plan.Path, rule, source.DroppedBy(index))))
        ],
        []);

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
        if (RefusalOf(source.Lives.Select(life => life.Lane.Sender), source.Path) is { } refusal)
        {
            yield return refusal;
        }
        else if (source.IsAtStandstill && !source.IsHindered)
        {
            yield return new(source.Path, "lines wait, and none was read or delivered for 5 minutes")
            {
                Cause = OfFile
            };
        }
    }

    static IEnumerable<Problem> ProblemsOf(JournalSource source)
    {
        if (source.Trouble is { } trouble)
        {
            yield return new(source.Plan.Path, trouble) { Cause = source.IsForbidden ? "permission" : OfFile };
        }

        if (RefusalOf([source.Lane?.Sender], source.Plan.Path) is { } refusal)
        {
            yield return refusal;
        }
    }

    static Problem? RefusalOf(IEnumerable<StreamSender?> senders, string path) =>
        senders.OfType<StreamSender>().Select(sender => (sender.Target, sender.Status.Fault))
            .FirstOrDefault(sender => sender.Fault is not null) is { Fault: { } fault } refused
            ? new(refused.Target?.ToString() ?? path, $"cannot deliver: {fault.Text}") { Cause = fault.Cause }
            : null;

    static SourceStatus Of(JournalSource source, TimeProvider time)
    {
        var (plan, lane) = (source.Plan, source.Lane);
        var target = lane?.Sender?.Target;
        return new(
            plan.Path, target?.Group ?? plan.LogGroup, target?.Stream ?? plan.LogStream, source.Trouble,
            lane is null ? [] : [Of(lane, time)], Of(source.Counts))
        {
            Totals = default(DeliveryTotals).And(lane?.Sender?.Status)
        };
    }

    // Of a journal only what was read is known, not how much there is.
    static FileStatus Of(Lane lane, TimeProvider time) => new(
        lane.Content.CurrentPath, 0, 0, false, lane.Extent.KnownBytes, lane.Extent.ReadBytes, lane.DeliveredBytes,
        lane.Sender?.Status ?? DeliveryStatus.None)
    {
        BehindSeconds = BehindSecondsOf(lane, lane.Sender is { IsDenied: true }, time)
    };

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
            BehindSeconds = BehindSecondsOf(life.Lane, life.IsWaiting, time),
            IsHeld = path is null && !life.Lane.IsReleased
        };
    }

    // What the service denies is given back, and waits in its file.
    static double BehindSecondsOf(Lane lane, bool isWaiting, TimeProvider time)
    {
        var denied = lane.Sender?.Status.Fault is { } fault && isWaiting
            ? time.GetUtcNow() - fault.Since
            : default;
        var oldest = lane.OldestAge ?? default;
        return Math.Round((denied > oldest ? denied : oldest).TotalSeconds, 1);
    }

    static EventCounts Of(FramingCounts counts) => new(
        counts.Events, counts.SplitPieces, counts.ReplacedSequences, counts.NulBytes, counts.InheritedStamps,
        counts.BlankLines);

    static IEnumerable<FilterStatus> FiltersOf(Entry entry) => entry.Plan.Filters.Select((rule, index) =>
        Of(entry.Plan.Files.Text, rule, entry.DroppedBy(index)));

    static FilterStatus Of(string path, FilterRule rule, long dropped) =>
        new(path, rule.IsInclude ? "include" : "exclude", rule.Written, dropped);
}
