using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Chaos;

/// <summary>The agent of a run: killed and started again, always on the same configuration and state.</summary>
sealed class ChaosAgent(TestFolder folder, Uri endpoint, ChaosDiary diary) : IAsyncDisposable
{
    long _upSince;
    VigilProcess? _process;

    public int Kills { get; private set; }

    /// <summary>For how long it has been up without a break; zero while it is down.</summary>
    public TimeSpan Uptime => Volatile.Read(ref _upSince) is var since and > 0
        ? TimeProvider.System.GetElapsedTime(since)
        : TimeSpan.Zero;

    /// <summary>Null while it is down.</summary>
    public Footprint? Footprint => _process is { HasExited: false } process ? Support.Footprint.Of(process.Id) : null;

    /// <summary>What the present process said.</summary>
    public string Output => _process?.Output ?? "";

    public async Task StartAsync()
    {
        _process = Shipping.Start(folder, endpoint);
        await _process.SaysAsync("Started");
        Volatile.Write(ref _upSince, TimeProvider.System.GetTimestamp());
        diary.Note("the agent is up");
    }

    public async Task KillAsync()
    {
        AssertRuns();
        Volatile.Write(ref _upSince, 0);
        Kills++;
        var killed = _process!;
        _process = null;
        await killed.KillAsync();
        diary.Note("the agent was killed; it had said:\n" + killed.Output);
        await killed.DisposeAsync();
    }

    /// <exception cref="InvalidOperationException">It ended by itself.</exception>
    public void AssertRuns()
    {
        if (_process is null or { HasExited: true })
        {
            throw new InvalidOperationException($"the agent ended by itself:\n{Output}");
        }
    }

    public async Task<int> StopAsync()
    {
        var exitCode = await _process!.StopAsync();
        diary.Note("the agent was stopped; it had said:\n" + Output);
        return exitCode;
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
