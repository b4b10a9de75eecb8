using System.Diagnostics;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Chaos;

/// <summary>Does to one agent all that a plan says, while a log is written, and counts every line at the end.</summary>
sealed class ChaosRun(
    ChaosPlan plan, TestFolder folder, Cloud cloud, FaultyProxy proxy, ChaosDiary diary, Action<string> say)
    : IAsyncDisposable
{
    // A file that came and went while nobody looked is known by nothing (docs/ROTATION.md): so rotations leave the
    // agent that much time to look.
    static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Report = TimeSpan.FromSeconds(30);

    readonly ChaosAgent _agent = new(folder, proxy.Endpoint, diary);
    readonly WrittenLog _log = new(folder, new(plan.Seed));
    readonly Random _killDice = new(plan.Seed + 1);
    readonly Random _rotationDice = new(plan.Seed + 2);
    readonly List<Footprint> _footprints = [];
    readonly List<Task> _compressions = [];
    readonly long _began = TimeProvider.System.GetTimestamp();
    int _rotations;
    TimeSpan _lastRotation;

    /// <summary>One each half a minute.</summary>
    public IReadOnlyList<Footprint> Footprints => _footprints;

    /// <summary>What a kill may repeat, in events: what was on its way (24 requests of a mebibyte) and what was
    /// accepted and not committed yet (16 MiB). To that come the batches whose answer was lost.</summary>
    public long MostRepeats =>
        (_agent.Kills * (24L + 16) * (1 << 20) / SecureLog.LineBytes) + proxy.Count.LostEvents;

    TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_began);

    public async Task<ChaosVerdict> RunAsync()
    {
        say($"chaos: {plan}");
        proxy.Faults = Faults.Of(plan.FailingShare);
        await _agent.StartAsync();
        var kills = KillAsync();
        var outage = OutageAsync();
        await WriteAsync(() => kills.IsCompleted && outage.IsCompleted);
        await Task.WhenAll([kills, outage, .. _compressions]);
        proxy.Faults = new();
        var verdict = await SettleAsync();
        SayEnd(verdict);
        return verdict;
    }

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        return _agent.DisposeAsync();
    }

    // The one hand that writes and rotates, so that it knows what each rotation did.
    async Task WriteAsync(Func<bool> isRestDone)
    {
        var nextReport = Report;
        while (Elapsed < plan.Lasts || _rotations < plan.Rotations || _log.IsHeld || !isRestDone())
        {
            var due = (long)(plan.LinesPerSecond * Elapsed.TotalSeconds) - _log.Written;
            _log.Append((int)Math.Clamp(due, 0, plan.LinesPerSecond));
            RotateWhenDue();
            if (Elapsed >= nextReport)
            {
                nextReport += Report;
                SayProgress();
            }

            await Task.Delay(Tick); // waits for the next lines to be due
        }
    }

    void RotateWhenDue()
    {
        if (_log.IsHeld)
        {
            if (Elapsed - _lastRotation > Calm * (1 + _rotationDice.NextDouble()))
            {
                _log.Reopen();
                _lastRotation = Elapsed;
            }

            return;
        }

        var dueAt = plan.Lasts * ((double)(_rotations + 1) / (plan.Rotations + 1));
        if (_rotations == plan.Rotations || Elapsed < dueAt || Elapsed - _lastRotation < Calm || _agent.Uptime < Calm)
        {
            return;
        }

        // Each kind comes as often as any other; who comes when is chance.
        var round = new Random(plan.Seed + (_rotations / plan.Kinds.Count));
        var kind = plan.Kinds.OrderBy(_ => round.Next()).ElementAt(_rotations % plan.Kinds.Count);
        diary.Note($"line {_log.Written}: {kind}");
        _log.Rotate(kind);
        _rotations++;
        diary.Note($"line {_log.Written}: rotation {_rotations} is done");
        _lastRotation = Elapsed;
        while (_log.NextToCompress is { } path)
        {
            _compressions.Add(CompressAsync(path, Calm * (1 + (2 * _rotationDice.NextDouble()))));
        }
    }

    static async Task CompressAsync(string path, TimeSpan later)
    {
        await Task.Delay(later); // waits for its turn, as logrotate's next run would
        using var gzip = Process.Start("gzip", ["-1", path]);
        await gzip.WaitForExitAsync();
    }

    async Task KillAsync()
    {
        for (var kill = 1; kill <= plan.Kills; kill++)
        {
            var at = plan.Lasts * ((kill - _killDice.NextDouble()) / plan.Kills);
            await Wait.UntilAsync(() => Elapsed >= at, () => "time stood still", plan.Lasts);
            await _agent.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(2 * _killDice.NextDouble())); // waits for systemd, as it were
            await _agent.StartAsync();
        }
    }

    async Task OutageAsync()
    {
        if (plan.Outage > TimeSpan.Zero)
        {
            await Wait.UntilAsync(() => Elapsed >= plan.Lasts / 3, () => "time stood still", plan.Lasts);
            await proxy.DownAsync();
            diary.Note("the service is away");
            say($"{Elapsed.TotalSeconds:F0} s: the service is away for {plan.Outage.TotalSeconds} s");
            await Task.Delay(plan.Outage); // waits for the outage to end
            proxy.Up();
            diary.Note("the service is back");
        }
    }

    // Until everything that can arrive has arrived, or nothing arrives any more.
    async Task<ChaosVerdict> SettleAsync()
    {
        var patience = TimeSpan.FromSeconds(90);
        var (most, since) = (-1, Elapsed);
        while (true)
        {
            _agent.AssertRuns();
            var verdict = ChaosVerdict.Of(await NumbersAsync(), _log.Written, _log.Destroyed, []);
            var arrived = _log.Written - verdict.Balance.Missing.Count;
            (most, since) = arrived > most ? (arrived, Elapsed) : (most, since);
            if (verdict.NeverDestroyed.Count == 0 || Elapsed - since > patience)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromSeconds(1)); // waits for lines to arrive
        }

        var exitCode = await _agent.StopAsync();
        return exitCode == 0
            ? ChaosVerdict.Of(await NumbersAsync(), _log.Written, _log.Destroyed, State.GapRecords(folder))
            : throw new InvalidOperationException($"the agent stopped with {exitCode}:\n{_agent.Output}");
    }

    Task<List<int>> NumbersAsync() => cloud.NumbersAsync(Configuration.Group, Configuration.Stream);

    void SayProgress()
    {
        var footprint = _agent.Footprint;
        _footprints.AddRange(footprint is { } known ? [known] : []);
        say($"{Elapsed.TotalSeconds:F0} s: written {_log.Written}, taken {proxy.Count.Events}, rotations {_rotations}, "
            + $"kills {_agent.Kills}, {(footprint is { } shown ? shown : "the agent is down")}");
    }

    void SayEnd(ChaosVerdict verdict)
    {
        var gaps = State.GapRecords(folder);
        say($"written {_log.Written} lines in {plan.Lasts.TotalSeconds} s; {_rotations} rotations, "
            + $"{_agent.Kills} kills, {proxy.Count.LostAnswers} lost answers of {proxy.Count.LostEvents} events");
        say($"lost {verdict.Balance.Missing.Count}: of {verdict.Destroyed} that rotations destroyed; "
            + $"{verdict.BeyondGaps} of them behind the known end of their gap record");
        say($"{gaps.Count} gap records, {gaps.Count(gap => gap.ToBytes is null)} of them with an unknown end");
        say($"repeated {verdict.Balance.Repeats}, at most {MostRepeats}: 40 MiB a kill and the lost answers");
        foreach (var line in verdict.NeverDestroyed.Concat(verdict.NotRecorded).Take(10))
        {
            say($"unaccounted: line {line}");
        }

        say($"CHAOS {(verdict.IsGood && verdict.Balance.Repeats <= MostRepeats ? "good" : "BAD")} {plan} "
            + $"written={_log.Written} {verdict} gaps={gaps.Count} most_repeats={MostRepeats} "
            + $"lost_answers={proxy.Count.LostAnswers}");
    }
}
