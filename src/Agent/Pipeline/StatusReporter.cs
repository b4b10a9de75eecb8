using System.Reflection;
using Agent.Batch;
using Agent.Checkpoint;
using Agent.Status;

namespace Agent.Pipeline;

/// <summary>Puts together what the rooms know, when somebody asks.</summary>
sealed class StatusReporter(
    Plan plan,
    IReadOnlyList<Reader> readers,
    Committer committer,
    PositionStore store,
    SegmentPool memory,
    HandleBudget handles,
    TimeProvider time)
{
    // For all readers together. One answers between two reads; one that does not hangs in its file system.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly DateTimeOffset _started = time.GetUtcNow();

    public static string Version { get; } = typeof(StatusReporter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public async Task<StatusReport> ReportAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var asked = readers.Select(reader => (reader.Name, Answer: reader.SnapshotAsync())).ToList();
        var problems = new List<Problem>();
        var answers = new List<Snapshot>();
        foreach (var (name, answer) in asked)
        {
            try
            {
                answers.Add(await answer.WaitAsync(either.Token));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                problems.Add(new(name, "reading does not answer: it is starting or ending, or its file system hangs"));
            }
        }

        if (committer.Refusal is { } refusal)
        {
            problems.Add(new(plan.StateFolder, $"the positions cannot be written: {refusal}"));
        }

        return new(
            StatusReport.Running, Version, plan.StateFolder,
            [.. problems, .. answers.SelectMany(answer => answer.Problems).Distinct()],
            [.. answers.SelectMany(answer => answer.Sources)],
            GapsOf(store))
        {
            Process = ProcessNow(),
            Filters = [.. answers.SelectMany(answer => answer.Filters)],
            Skipped = [.. answers.SelectMany(answer => answer.Skipped)]
        };
    }

    /// <summary>The sum of what was recorded as undelivered.</summary>
    public static GapSummary GapsOf(PositionStore store)
    {
        var (lost, lostBytes, possible, last) = store.SummarizeGaps();
        return new(lost, lostBytes, possible, last);
    }

    ProcessStatus ProcessNow() => new(
        Environment.ProcessId, _started, plan.Endpoint.Address.ToString(), Environment.WorkingSet, memory.UsedBytes,
        memory.BudgetBytes, handles.Taken, handles.Most);
}
