using System.Diagnostics;
using System.Globalization;
using Agent.Bench;

namespace Throughput;

/// <summary>The files to ship, and the programs that ship them.</summary>
sealed class Bench : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    readonly Options _options;
    readonly string _folder = Directory.CreateTempSubdirectory("vigil-throughput-").FullName;
    readonly string _root = RootFolder();
    readonly long _bytes;
    readonly long _lines;
    int _runs;

    public Bench(Options options)
    {
        _options = options;
        var block = SecureLines.Mebibyte();
        using var whole = File.Create(Whole);
        var files = Enumerable.Range(0, options.Files).Select(i => File.Create(FileAt(i))).ToList();
        for (var i = 0; i < options.Mebibytes; i++)
        {
            whole.Write(block);
            files[i % files.Count].Write(block);
        }

        files.ForEach(file => file.Dispose());
        _bytes = (long)options.Mebibytes * block.Length;
        _lines = (long)options.Mebibytes * block.AsSpan().Count((byte)'\n');
    }

    string Whole => Path.Combine(_folder, "whole");

    public async Task<Round> RunAsync() =>
        new(await ShipByFloorAsync(), await ShipByAgentAsync(), await ShipByFloorAsync());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Its one connection waits for each answer: what latency costs the agent is compared with the floor without any.
    async Task<Shipment> ShipByFloorAsync()
    {
        using var sink = await Sink.StartAsync(_root, latencyMilliseconds: 0);
        var program = Environment.GetEnvironmentVariable("FLOOR_BINARY")
            ?? Path.Combine(_root, "artifacts/native-floor/Floor");
        using var floor = new Child(program, Whole, sink.Port);
        var said = (await floor.Output.ReadToEndAsync()).Split(' ', StringSplitOptions.TrimEntries);
        await floor.EndsAsync();
        await ExpectAsync(sink);
        return new(_bytes, Number(said[1]), Number(said[2]));
    }

    async Task<Shipment> ShipByAgentAsync()
    {
        using var sink = await Sink.StartAsync(_root, _options.LatencyMilliseconds);
        var state = Path.Combine(_folder, $"state-{_runs++}");
        var config = Path.Combine(_folder, "config.json");
        await File.WriteAllTextAsync(config, Configuration(sink.Port));
        var program = Environment.GetEnvironmentVariable("VIGIL_BINARY")
            ?? Path.Combine(_root, "artifacts/native/vigil");
        var began = Stopwatch.GetTimestamp();
        using var agent = new Child(program, "run", "--config", config, "--state", state);
        _ = agent.Output.BaseStream.CopyToAsync(Stream.Null);
        while (await sink.EventsAsync() < _lines)
        {
            if (agent.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException(
                    $"The agent ended, or takes too long: {await sink.EventsAsync()} of {_lines} lines arrived");
            }

            await Task.Delay(Pause);
        }

        var wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await ExpectAsync(sink);
        return new(_bytes, wall, agent.Cpu, agent.PeakMebibytes);
    }

    // Not one more, not one less.
    async Task ExpectAsync(Sink sink)
    {
        var events = await sink.EventsAsync();
        if (events != _lines)
        {
            throw new InvalidOperationException($"{events} of {_lines} lines arrived");
        }
    }

    string Configuration(string port)
    {
        var entries = Enumerable.Range(0, _options.Files).Select(i => $$"""
            { "file_path": "{{FileAt(i)}}", "log_group_name": "bench", "log_stream_name": "s{{i}}"
              {{(_options.Extra.Length > 0 ? "," : "")}} {{_options.Extra}} }
            """);
        return $$"""
            {
              "agent": { "region": "us-east-1" },
              "logs": {
                "endpoint_override": "http://127.0.0.1:{{port}}",
                "logs_collected": { "files": { "collect_list": [{{string.Join(", ", entries)}}] } }
              },
              "vigil": {
                "memory_budget_mb": {{_options.BudgetMebibytes}},
                "compression": "none",
                "linger_ms": 100
              }
            }
            """;
    }

    string FileAt(int index) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"secure-{index}"));

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    static string RootFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Agent.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("This is no clone of the project");
        }

        return folder;
    }
}
