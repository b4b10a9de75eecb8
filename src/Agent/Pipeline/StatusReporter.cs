using System.Globalization;
using System.Reflection;
using Agent.Batch;
using Agent.Checkpoint;
using Agent.Events;
using Agent.Status;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Puts together what the rooms know, when somebody asks.</summary>
sealed class StatusReporter(
    Plan plan, Session session, Func<IReadOnlyList<Reader>> readers, Spool spool, Deliveries deliveries,
    SegmentPool memory, HandleBudget handles)
{
    /// <summary>Whether another takes its place soon, by a new configuration: nobody reads meanwhile.</summary>
    public bool IsEnding
    {
        get => Volatile.Read(ref _isEnding);
        set => Volatile.Write(ref _isEnding, value);
    }

    // Of what dead letters may take: time enough to look into it.
    const double AlarmingShare = 0.8;

    bool _isEnding;

    public static string Version { get; } = typeof(StatusReporter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public async Task<StatusReport> ReportAsync(CancellationToken cancel)
    {
        var (answers, silent) = await Readers.AskAsync(IsEnding ? [] : readers(), session.Time, cancel);
        List<Problem> problems =
        [
            .. silent.Select(name => new Problem(
                name, "reading does not answer: it is starting or ending, or its file system hangs")
            {
                Cause = "file"
            })
        ];
        var letters = LettersOf(session.Store);
        var senders = deliveries.Statuses;
        problems.AddRange([.. OfConfiguration(), .. OfState(letters), .. senders.SelectMany(OfSender)]);

        return new(
            StatusReport.Running, Version, plan.StateFolder,
            [
                .. problems, .. answers.SelectMany(answer => answer.Problems).Distinct(),
                .. await session.Watching.ProblemsAsync(cancel)
            ],
            [.. answers.SelectMany(answer => answer.Sources)],
            GapsOf(session.Store))
        {
            IsWhole = silent.Count == 0,
            Configuration = session.Reloading.Status with { IsBeingApplied = IsEnding },
            Process = ProcessNow(),
            Alarms = session.Watching.Alarms,
            Measured = session.Watching.Measured,
            Senders = senders,
            DeadLetters = letters,
            Spool = spool.IsOn || spool.Files > 0 ? new(spool.Files, spool.DiskBytes, spool.MostBytes) : null,
            Filters = [.. answers.SelectMany(answer => answer.Filters)],
            Skipped = [.. answers.SelectMany(answer => answer.Skipped)]
        };
    }

    IEnumerable<Problem> OfConfiguration()
    {
        if (session.Reloading.Status is { Refusal: { } fault } configuration)
        {
            yield return new(configuration.Path, $"it was changed and is not in force: {fault}. Put it right and "
                + "reload: 'vigil config check' says all that is wrong")
            {
                Cause = "configuration"
            };
        }
    }

    IEnumerable<Problem> OfState(DeadLetterSummary letters)
    {
        var whats = new List<string>();
        if (session.Committer.Refusal is { } refusal)
        {
            whats.Add($"the positions cannot be written: {refusal}");
        }

        if (letters.StoredBytes >= plan.DeadLetterBytes * AlarmingShare)
        {
            whats.Add($"dead letters take {letters.StoredBytes >> 20} of {plan.DeadLetterBytes >> 20} MiB: beyond it "
                + "the oldest are given up. 'vigil deadletters list' shows them; deliver them (replay), or keep them "
                + "elsewhere (export) and drop them");
        }

        if (spool.Trouble is { } trouble)
        {
            whats.Add($"the spool takes {spool.DiskBytes >> 20} of {spool.MostBytes >> 20} MiB, and a deleted file is "
                + $"not kept: {trouble}. It is held open instead, and a restart now would lose what it holds");
        }

        return whats.Select(what => new Problem(plan.StateFolder, what) { Cause = "state" });
    }

    // One stream may be through while others wait: it is said as long as fewer requests are sent for it.
    IEnumerable<Problem> OfSender(SenderStatus sender)
    {
        if (sender.RequestsPerSecond is { } rate)
        {
            yield return new(
                sender.Role ?? plan.Endpoint.Address.Host,
                string.Create(CultureInfo.InvariantCulture, $"the service throttles: it is sent {rate:F1} requests a ")
                + "second, more again when it takes them; if it stays so, ask for a higher quota of PutLogEvents")
            {
                Cause = "throttling"
            };
        }
    }

    /// <summary>The sum of what was recorded as undelivered.</summary>
    public static GapSummary GapsOf(PositionStore store)
    {
        var (lost, lostBytes, possible, last) = store.Gaps.Summarize();
        return new(lost, lostBytes, possible, last);
    }

    /// <summary>The sum of what is kept of it.</summary>
    public static DeadLetterSummary LettersOf(PositionStore store)
    {
        var (letters, events, storedBytes) = store.Letters.Summarize();
        return new(letters, events, storedBytes);
    }

    ProcessStatus ProcessNow() => new(
        Environment.ProcessId, session.Started, plan.Endpoint.Address.ToString(), Environment.WorkingSet,
        memory.UsedBytes, memory.BudgetBytes, handles.Taken, handles.Most)
    {
        Heap = new(
            GC.GetTotalMemory(forceFullCollection: false), GC.GetTotalAllocatedBytes(),
            [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)])
    };
}
