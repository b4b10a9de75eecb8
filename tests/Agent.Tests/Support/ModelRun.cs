using Agent.Discovery;

namespace Agent.Tests.Support;

/// <summary>Plays a script on real files and a real agent, and judges the outcome by what the model knows: which lines
/// are owed, which were destroyed before anybody could have them.</summary>
sealed class ModelRun : IAsyncDisposable
{
    // A writer that was not told to reopen its log for longer than the agent waits writes to nobody.
    const int MostLateSeconds = 400;

    readonly TestFolder _files = new();
    readonly TestFolder _own = new();
    readonly ModelAgent _agent;
    readonly ModelLog _log;

    // Longer than the shortest time that passes in a script, shorter than the others.
    static readonly TimeSpan EventTimeout = TimeSpan.FromSeconds(5);

    ModelRun(bool isPattern, bool isHolding)
    {
        var plan = isPattern
            ? RunningSource.PlanOf(_files["log*"]) with
            {
                TailsAll = true,
                IsExcluded = path => !new LiveNames(_own.Root).CanBeLive(path)
            }
            : Some.Plan(_files["log"]);
        _agent = new(plan with { EventTimeout = isHolding ? EventTimeout : TimeSpan.Zero }, _own);
        _log = new(_files, isPattern, _agent.IsDelivered);
    }

    /// <summary>Plays it.</summary>
    /// <param name="isHolding">Whether a last line is held for a while, since the next may continue it.</param>
    /// <returns>What is wrong; empty when all is well.</returns>
    public static async Task<string> JudgeAsync(bool isPattern, bool isHolding, IEnumerable<ModelStep> script)
    {
        await using var run = new ModelRun(isPattern, isHolding);
        try
        {
            return await run.PlayAsync(script);
        }
        catch (Exception e)
        {
            return $"it broke: {e}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        _files.Dispose();
        _own.Dispose();
    }

    async Task<string> PlayAsync(IEnumerable<ModelStep> script)
    {
        foreach (var step in script)
        {
            await PlayAsync(step);
        }

        _log.End();
        var isQuiet = await _agent.DrainAsync(() => !_log.Owed.Any() && _agent.Gaps.Count >= Losses().Count);
        var faults = Faults().Concat(isQuiet ? [] : ["it never came to rest"]).ToList();
        return faults.Count == 0
            ? ""
            : $"{string.Join("\n", faults)}\nfiles:\n{_log}said:\n  {string.Join("\n  ", _agent.Log)}";
    }

    async Task PlayAsync(ModelStep step)
    {
        switch (step.Word)
        {
            case "start": _agent.Start(); break;
            case "stop": await EndAsync(_agent.StopAsync); break;
            case "kill": await EndAsync(_agent.KillAsync); break;
            case "refuse": _agent.Answer(refuses: true); break;
            case "deny": _agent.Deny(); break;
            case "accept": _agent.Answer(refuses: false); break;
            case "read": await _agent.ReadAsync(); break;
            case "pass": await _agent.PassAsync(TimeSpan.FromSeconds(step.Amount)); break;
            default: Apply(step); break;
        }

        NoteWhatIsKnown(step);
    }

    // A copy that ends before what was read by then is known by prints in memory, which are compared once the log was
    // found truncated: not after a restart, nor if it is compressed by then.
    async Task EndAsync(Func<Task> end)
    {
        _agent.MayRepeat |= _agent.IsRunning && (_log.IsCopied || _log.HasShortCopy);
        await end();
    }

    void Apply(ModelStep step)
    {
        _agent.MayRepeat |= _agent.IsRunning && _log.HasShortCopy && step.Word == "compress";
        _log.IsWatched = _agent.IsRunning;
        _log.Apply(step);
    }

    void NoteWhatIsKnown(ModelStep step)
    {
        if (step is { Word: "pass", Amount: > MostLateSeconds })
        {
            _log.EndLateWriting();
        }

        var isLook = _agent.IsRunning && step.Word is "read" or "pass";
        if (isLook)
        {
            _log.NoteLook();
        }

        var isSeen = isLook && !_agent.IsSearching;
        foreach (var content in _log.Contents)
        {
            content.IsSeen = step.Word != "kill" && (content.IsSeen || (isSeen && content.Lines.Count > 0));
            content.IsKnown |= content.IsSeen && step.Word is "pass" or "stop";
        }
    }

    IEnumerable<string> Faults()
    {
        var events = _agent.Events;
        var delivered = events.Select(one => one.Message).ToHashSet();
        foreach (var line in _log.Owed)
        {
            yield return $"lost: {line}";
        }

        foreach (var text in delivered.Where(text => !_log.Texts.Contains(text)))
        {
            yield return $"never written: {text}";
        }

        var losses = Losses();
        if (_agent.Gaps.Count < losses.Count)
        {
            yield return $"{_agent.Gaps.Count} gaps are recorded for {losses.Count} losses: "
                + string.Join("; ", losses.Select(loss => string.Join(" | ", loss)));
        }

        if (_agent.MayRepeat)
        {
            yield break;
        }

        foreach (var twice in events.CountBy(one => one.Message).Where(one => one.Value > 1))
        {
            yield return $"{twice.Value} times: {twice.Key}";
        }

        foreach (var fault in Disorder(events.OrderBy(one => one.Stamp).Select(one => one.Message)))
        {
            yield return fault;
        }
    }

    // Of which nothing came in another way.
    List<List<string>> Losses()
    {
        var delivered = _agent.Events.Select(one => one.Message).ToHashSet();
        return [.. _log.Losses.Where(loss => !loss.TrueForAll(delivered.Contains))];
    }

    // By their stamps the lines of each file come as they stand in it.
    IEnumerable<string> Disorder(IEnumerable<string> shown)
    {
        var places = shown.Index().DistinctBy(one => one.Item).ToDictionary(one => one.Item, one => one.Index);
        return from order in _log.Orders
               let held = order.Where(places.ContainsKey).ToList()
               from pair in held.Zip(held.Skip(1))
               where places[pair.First] > places[pair.Second]
               select $"{pair.Second} before {pair.First}";
    }
}
