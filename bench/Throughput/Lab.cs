using System.Globalization;
using Agent.Bench;

namespace Throughput;

/// <summary>The logs to ship, and the programs that ship them, each to a sink of its own.</summary>
sealed class Lab(Options options) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly Dictionary<(int Files, int FailedEach, int Times, bool IsPrecise), Workload> _workloads = [];
    int _runs;

    public Options Options => options;

    public string Vigil { get; } = options.Vigil ?? Environment.GetEnvironmentVariable("VIGIL_BINARY")
        ?? Path.Combine("artifacts", "native", "vigil");

    public string Folder { get; } = Directory.CreateTempSubdirectory("vigil-throughput-").FullName;

    /// <summary>The bytes to ship, in so many files.</summary>
    /// <param name="failedEach">Of so many lines one tells of a failed password.</param>
    /// <param name="times">So many times the bytes that are shipped elsewhere.</param>
    /// <param name="isPrecise">Each line has its own timestamp.</param>
    public Workload Workload(int files = 1, int failedEach = 1, int times = 1, bool isPrecise = false)
    {
        if (!_workloads.TryGetValue((files, failedEach, times, isPrecise), out var workload))
        {
            workload = Throughput.Workload.Write(
                NewFolder(), options.Mebibytes * times, files, failedEach, isPrecise);
            _workloads.Add((files, failedEach, times, isPrecise), workload);
        }

        return workload;
    }

    /// <summary>A folder that nobody used.</summary>
    public string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"run-{_runs++}")))
            .FullName;

    public Task<SinkProcess> NewSinkAsync(TimeSpan latency = default, string? authorityPath = null) =>
        SinkProcess.StartAsync(Vigil, new(latency, Denied: null, authorityPath));

    /// <summary>The floor's shipment: over one connection, so with no latency.</summary>
    public async Task<Shipment> ShipByFloorAsync(bool isSecure, bool isPacked)
    {
        var workload = Workload();
        var authority = isSecure ? Path.Combine(NewFolder(), "authority.pem") : null;
        using var sink = await NewSinkAsync(authorityPath: authority);
        List<string> arguments = [FloorProgram.Verb, workload.Paths[0], sink.Endpoint.ToString()];
        arguments.AddRange(authority is null ? [] : [authority]);
        arguments.AddRange(isPacked ? ["gzip"] : []);
        using var floor = new Child(Environment.ProcessPath!, arguments);
        var said = (await floor.Output.ReadToEndAsync()).Split(' ', StringSplitOptions.TrimEntries);
        await floor.EndsAsync();
        var arrived = await sink.EventsAsync();
        return arrived == workload.Lines
            ? new(workload.Bytes, workload.Lines, Number(said[0]), Number(said[1]))
            : throw new InvalidOperationException($"The floor shipped {arrived} of {workload.Lines} lines");
    }

    /// <summary>The agent's: every line that it is to send arrives, and none twice.</summary>
    /// <param name="meanwhile">Called with the agent once it runs.</param>
    public async Task<Shipment> ShipByAgentAsync(AgentCase one, Func<AgentProcess, SinkProcess, Task>? meanwhile = null)
    {
        var workload = one.Workload ?? Workload();
        var folder = NewFolder();
        var authority = one.IsSecure ? Path.Combine(folder, "authority.pem") : null;
        using var sink = await NewSinkAsync(one.Latency, authority);
        using var agent = new AgentProcess(
            Vigil, folder, new(sink.Endpoint, workload.Paths, one.VigilKeys, one.EntryKeys, authority));
        var observing = meanwhile?.Invoke(agent, sink) ?? Task.CompletedTask;
        var wall = await agent.DeliverAsync(sink, one.Events ?? workload.Lines, Patience, one.HeldBack);
        var shipment = new Shipment(workload.Bytes, workload.Lines, wall, agent.Cpu, agent.PeakMebibytes);
        await observing;
        return shipment;
    }

    /// <summary>Another shipper's, as its command says.</summary>
    public async Task<Shipment> ShipByCommandAsync(string command)
    {
        var workload = Workload();
        using var sink = await NewSinkAsync();
        var began = TimeProvider.System.GetTimestamp();
        var text = command.Replace("{file}", workload.Paths[0], StringComparison.Ordinal)
            .Replace("{endpoint}", sink.Endpoint.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("{folder}", NewFolder(), StringComparison.Ordinal);
        using var shipper = new Child("/bin/sh", "-c", $"exec {text}");
        var said = shipper.DrainAsync();
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        var reached = sink.ReachAsync(workload.Lines, deadline.Token);
        if (await Task.WhenAny(reached, said) == said)
        {
            throw new InvalidOperationException($"{command} ended: {await said}");
        }

        await reached;
        var wall = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        return new(workload.Bytes, workload.Lines, wall, shipper.Cpu, shipper.PeakMebibytes);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
