using Agent.Events;
using Agent.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Support;

/// <summary>An agent through its runs, and the service it ships to, which may refuse.</summary>
sealed class ModelAgent(EntryPlan plan, TestFolder folder) : IAsyncDisposable
{
    // Looks at the conditions of other threads' work, a millisecond apart, before it is left for later.
    const int MostLooks = 25;
    const int LooksWhileRefused = 4;
    const int MostRounds = 45;

    // Long enough for the positions to be on disk.
    static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(300);

    static readonly TimeSpan Round = TimeSpan.FromSeconds(35);

    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly List<(string Message, long Stamp)> _earlier = [];
    readonly string _state = folder["state"];
    readonly List<string> _log = [];
    IReadOnlyList<Gap> _gaps = [];
    RunningSource? _run;
    bool _refuses;
    bool _denies;

    public bool IsRunning => _run is not null;

    /// <summary>Whether it looks for what it read before, and has not begun a file yet.</summary>
    public bool IsSearching =>
        _run?.Entry.Sources.Any(source => source is { IsMinded: true, Lives.Count: 0 }) ?? false;

    /// <summary>Whether the service may have been sent a line twice for a good reason.</summary>
    public bool MayRepeat { get; set; }

    public IReadOnlyList<(string Message, long Stamp)> Events => [.. _earlier, .. _run?.Events ?? []];

    /// <summary>What it recorded as lost.</summary>
    public IReadOnlyList<Gap> Gaps => _run?.Gaps ?? _gaps;

    /// <summary>What it said.</summary>
    public IReadOnlyList<string> Log => [.. _log, .. _run?.Log.Lines ?? []];

    public bool IsDelivered(string line) =>
        _earlier.Exists(one => one.Message == line) || (_run?.Delivered.Contains(line) ?? false);

    public void Start()
    {
        _log.Add("-- start");
        _run ??= new(plan, _state, _time, new()
        {
            OnPut = _ => Task.FromResult(
                !_refuses ? Answers.Ok()
                : _denies ? Answers.Error("AccessDeniedException")
                : Answers.Error("ServiceUnavailableException", 503))
        });
    }

    /// <summary>Answers as if a permission were missing, from now on.</summary>
    public void Deny()
    {
        Answer(refuses: true);
        _denies = true;
    }

    public void Answer(bool refuses)
    {
        _refuses = refuses;
        _denies = false;
        MayRepeat |= refuses;
    }

    /// <summary>One look of the reader.</summary>
    public async Task ReadAsync()
    {
        _run?.Read();
        await SettleAsync();
    }

    /// <summary>Time passes; an agent that runs looks now and then.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        foreach (var part in (TimeSpan[])[time / 2, time / 2, Commit])
        {
            await ReadAsync();
            _time.Advance(part);
            await SettleAsync();
        }
    }

    /// <summary>Ends as told: what was read is sent, and what was taken is committed.</summary>
    public async Task StopAsync()
    {
        if (_run is { } run)
        {
            run.Entry.Sources.ToList().ForEach(source => source.Close());
            await SettleAsync();
            await EndAsync(run);
        }
    }

    /// <summary>Ends without a word: on disk is what was there a moment before.</summary>
    public async Task KillAsync()
    {
        if (_run is { } run)
        {
            MayRepeat = true;
            var kept = folder["kept.db"];
            Rows.Query(_state, $"VACUUM INTO '{kept}'");
            await EndAsync(run);
            Directory.Delete(_state, recursive: true);
            Directory.CreateDirectory(_state);
            File.Move(kept, Rows.Database(_state));
        }
    }

    /// <summary>Reads until nothing more comes.</summary>
    /// <returns>False when that takes too long.</returns>
    public async Task<bool> DrainAsync(Func<bool> isAllThere)
    {
        _refuses = false;
        Start();
        var isQuiet = false;
        for (var i = 0; i < MostRounds && !isQuiet; i++)
        {
            await ReadAsync();
            isQuiet = _run!.IsDrained && isAllThere()
                && _run.Entry.Sources.All(source => source is { IsMinded: false, HasPast: false });
            _time.Advance(Round);
        }

        await SettleAsync();
        var run = _run!;
        _gaps = run.Gaps;
        await EndAsync(run);
        return isQuiet;
    }

    public async ValueTask DisposeAsync()
    {
        if (_run is { } run)
        {
            await EndAsync(run);
        }
    }

    async Task EndAsync(RunningSource run)
    {
        _run = null;
        await run.StopAsync();
        _earlier.AddRange(run.Events);
        _log.AddRange(run.Log.Lines);
        if (run.Death is { } death)
        {
            throw new InvalidOperationException("the agent died", death);
        }

        await run.DisposeAsync();
    }

    async Task SettleAsync()
    {
        var most = _refuses ? LooksWhileRefused : MostLooks;
        for (var i = 0; i < most && (i == 0 || !IsSettled); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System); // waits for answers and commits
        }
    }

    bool IsSettled => _run is null || _run.Entry.Sources.All(
        source => source.Lives.All(life => life.Lane.IsDrained || life.Lane.BatchDue is not null));
}
