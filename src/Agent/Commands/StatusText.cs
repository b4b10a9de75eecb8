using System.Globalization;
using Agent.Events;
using Agent.Status;

namespace Agent.Commands;

/// <summary>The status for a person.</summary>
/// <param name="showsAll">Whether every file is listed, also when there are many.</param>
sealed class StatusText(TextWriter output, bool showsAll)
{
    const int MostRows = 40;
    const int MostPlaces = 3;

    public void Print(StatusReport report)
    {
        PrintHead(report);
        PrintProblems(report.Problems);
        PrintSenders(report.Senders);
        PrintFiles(report);
        PrintAlarms(report.Alarms);
        PrintMeasured(report.Measured);
        PrintFilters(report.Filters);
        PrintCounts(report.Sources);
        PrintSkipped(report.Skipped);
        PrintDeadLetters(report.DeadLetters);
        PrintGaps(report.Gaps);
    }

    void PrintHead(StatusReport report)
    {
        if (report.Process is not { } process)
        {
            Line(report.Status == StatusReport.Stopped
                ? $"vigil is not running on {report.StateFolder}"
                : $"vigil is running on {report.StateFolder}, but does not say how it is");
            return;
        }

        Line($"vigil {report.Version} is running (pid {process.Pid}) since {Text(process.StartedAt)}, "
            + $"shipping to {process.Endpoint}");
        Line($"memory: {Quantity.Bytes(process.ResidentBytes)}, of it {Quantity.Bytes(process.BatchBytes)} of "
            + $"{Quantity.Bytes(process.BatchBudgetBytes)} for batches; "
            + $"open log files: {process.OpenFiles} of {process.MostOpenFiles}");
        if (report.HeldFiles > 0)
        {
            Line($"deleted files held open until they are delivered: {report.HeldFiles}, "
                + $"{Quantity.Bytes(report.HeldBytes)} of disk");
        }

        if (report.Spool is { Files: > 0 } spool)
        {
            Line($"deleted files in the spool until they are delivered: {spool.Files}, "
                + $"{Quantity.Bytes(spool.DiskBytes)} of {Quantity.Bytes(spool.MostBytes)} of disk");
        }

        if (report.Configuration is { IsBeingApplied: true })
        {
            Line("a new configuration is being put in force");
        }

        Line(!report.IsHealthy ? $"{report.Problems.Count} in the way:"
            : report.Gaps.Lost > 0 ? "nothing is in the way now, but log events were lost before: see below"
            : "all is well");
    }

    void PrintSenders(IReadOnlyList<SenderStatus> senders)
    {
        foreach (var sender in senders.Where(sender => sender.Requests > 0 || sender.Credentials is not null))
        {
            var who = sender.Credentials is not { } credentials ? ""
                : $"; credentials: {sender.Role ?? credentials.Source} ({credentials.KeyId})"
                    + (credentials.Expires is { } ends ? $", good until {Text(ends)}" : "");
            Line($"requests: {Number(sender.Requests)}, of them throttled {Number(sender.Throttled)}, on their way "
                + $"{Number(sender.OnTheirWay)}{who}");
        }
    }

    // What is in the way of many is one line: a service that is away is in the way of every file.
    void PrintProblems(IReadOnlyList<Problem> problems)
    {
        var kinds = problems.GroupBy(problem => problem.What, problem => problem.Where)
            .Select(kind => (What: kind.Key, Where: kind.ToList())).ToList();
        foreach (var (what, where) in showsAll ? kinds : kinds.Take(MostRows))
        {
            var others = showsAll ? "" : Others(where.Count - MostPlaces);
            Line($"problem: {string.Join(", ", showsAll ? where : where.Take(MostPlaces))}{others}: {what}");
        }

        SayMore(kinds.Count);
    }

    static string Others(int count) => count > 0 ? $" and {Number(count)} more" : "";

    void SayMore(int count)
    {
        if (!showsAll && count > MostRows)
        {
            Line($"and {Number(count - MostRows)} more (--all lists them)");
        }
    }

    // What is behind or in trouble comes first, where not all are shown.
    void PrintFiles(StatusReport report)
    {
        var sources = report.Sources;
        var shown = sources.Count <= MostRows || showsAll
            ? sources
            : [.. sources.OrderByDescending(Behind).ThenBy(source => source.Trouble is null).Take(MostRows)];
        var table = new Columns(
            "FILE", "LOG STREAM", "SIZE", "READ", "DELIVERED", "BEHIND", "FOR", "EVENTS", "PER SECOND", "RETRIES",
            "LAST DELIVERED");
        foreach (var source in shown)
        {
            AddRows(table, source);
        }

        Line(sources.Count == 0 ? "no file is read" : "");
        output.Flush();
        if (sources.Count > 0)
        {
            table.PrintAligned();
        }

        SayMore(sources.Count);
        var said = report.Problems.Select(problem => (problem.Where, problem.What)).ToHashSet();
        foreach (var source in shown)
        {
            if (source.Trouble is { } trouble && !said.Contains((source.Path, trouble)))
            {
                Line($"{source.Path}: {trouble}");
            }
        }
    }

    static void AddRows(Columns table, SourceStatus source)
    {
        var stream = $"{source.LogGroup}/{source.LogStream}";
        if (source.Files.Count == 0)
        {
            table.Add([source.Path, stream, .. Enumerable.Repeat((string?)null, 9)]);
        }

        foreach (var file in source.Files)
        {
            var name = !file.IsRotated ? source.Path : $"  {file.Path ?? $"{source.Path}, without a name now"}";
            table.Add(
                name, stream, Number(file.SizeBytes), Number(file.ReadBytes), Number(file.DeliveredBytes),
                Number(file.BehindBytes), file.BehindSeconds > 0 ? Seconds(file.BehindSeconds) : null,
                file.Delivery is { } sent ? Number(sent.Events) : null,
                file.Delivery is { EventsPerSecond: >= 0.05 and var rate } ? Rate(rate) : null,
                file.Delivery is { Retries: > 0 and var retries } ? Number(retries) : null,
                file.Delivery?.LastDelivered is { } last ? Text(last) : null);
        }
    }

    void PrintAlarms(IReadOnlyList<AlarmStatus> alarms)
    {
        foreach (var alarm in alarms)
        {
            var since = alarm.Since == default ? "" : $" since {Text(alarm.Since)}";
            Line($"alarm: {alarm.Name} is {alarm.State}{since}: {alarm.Reason}");
        }
    }

    void PrintMeasured(IReadOnlyList<Measurement> measured)
    {
        foreach (var one in measured)
        {
            var unit = one.Unit == "Count" ? "" : $" {one.Unit}";
            Line($"measured: {one.Name} is {one.Value.ToString("G6", CultureInfo.InvariantCulture)}{unit} "
                + $"in the minute of {Text(DateTimeOffset.FromUnixTimeSeconds(one.Minute))}");
        }
    }

    void PrintFilters(IReadOnlyList<FilterStatus> filters)
    {
        foreach (var filter in filters)
        {
            Line($"filter: {filter.FilePath}: {filter.Type} {filter.Expression}: "
                + $"dropped {Number(filter.DroppedEvents)} events");
        }
    }

    void PrintCounts(IReadOnlyList<SourceStatus> sources)
    {
        Say("pieces of events that were too long for one", counts => counts.SplitPieces);
        Say("ill-formed sequences replaced by U+FFFD", counts => counts.ReplacedSequences);
        Say("NUL bytes left out", counts => counts.NulBytes);
        Say("events with the timestamp of the one before, for want of their own", counts => counts.InheritedStamps);

        void Say(string what, Func<EventCounts, long> count)
        {
            var sum = sources.Sum(source => source.Counts is { } counts ? count(counts) : 0);
            if (sum > 0)
            {
                Line($"counted: {Number(sum)} {what}");
            }
        }
    }

    void PrintSkipped(IReadOnlyList<SkippedFile> skipped)
    {
        foreach (var file in showsAll ? skipped : skipped.Take(MostRows))
        {
            Line($"not read by choice: {file.Path}: {file.Reason}");
        }

        SayMore(skipped.Count);
    }

    void PrintDeadLetters(DeadLetterSummary letters)
    {
        if (letters.Events > 0)
        {
            Line($"refused by the service for good, and kept: {Number(letters.Events)} log events, "
                + $"{Quantity.Bytes(letters.StoredBytes)} on disk; 'vigil deadletters list' lists them");
        }
    }

    void PrintGaps(GapSummary gaps)
    {
        if (gaps.Lost > 0)
        {
            Line($"never delivered: {Quantity.Bytes(gaps.LostBytes)} in {Number(gaps.Lost)} recorded byte ranges; "
                + "'vigil gaps' lists them");
        }

        if (gaps.Possible > 0)
        {
            Line($"perhaps never delivered: {Number(gaps.Possible)} times something may have been written and "
                + "destroyed between two looks at a file; 'vigil gaps' lists them");
        }
    }

    static long Behind(SourceStatus source) => source.Files.Sum(file => file.BehindBytes);

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s");

    static string Rate(double rate) =>
        rate.ToString(rate < 10 ? "F1" : "N0", CultureInfo.InvariantCulture);

    static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    void Line(string text) => output.WriteLine(Terminal.Harmless(text));
}
