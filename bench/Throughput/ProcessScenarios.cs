using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Agent.Bench;

namespace Throughput;

/// <summary>What the agent takes for itself: memory, processor time, and a line's time.</summary>
static class ProcessScenarios
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Until what the start took is given back: it looks every ten seconds whether that is used any more, and the last
    // collection comes when for ten seconds nothing was.
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(35);

    /// <summary>What is allocated for each line once all is under way.</summary>
    public static async Task<IReadOnlyList<Finding>> AllocationAsync(Lab lab)
    {
        const string Name = "allocation";
        List<double> perLine = [];
        List<double> gen2 = [];
        var log = lab.Workload(times: 2); // of a gibibyte: more than ten million lines are counted
        for (var i = 0; i < lab.Options.Rounds; i++)
        {
            await lab.ShipByAgentAsync(new(log), async (agent, sink) =>
            {
                var lines = log.Lines;
                await sink.ReachAsync(lines / 4, CancellationToken.None);
                var (before, from) = (await HeapAsync(lab, agent), await sink.EventsAsync());
                await sink.ReachAsync(lines * 9 / 10, CancellationToken.None);
                var (after, to) = (await HeapAsync(lab, agent), await sink.EventsAsync());
                perLine.Add((after.Allocated - before.Allocated) / (double)Math.Max(1, to - from));
                gen2.Add(after.Gen2 - before.Gen2);
            });
        }

        Progress.Say($"{Name}: {string.Join(", ", perLine.Select(Text))} bytes for a line");
        return
        [
            new(Name, "allocated for a line", "bytes", perLine, Most: 1),
            new(Name, "full collections", "", gen2, Most: 0)
        ];
    }

    /// <summary>Ten thousand lines a second from a hundred files.</summary>
    public static async Task<IReadOnlyList<Finding>> SteadyAsync(Lab lab)
    {
        const string Name = "10,000 lines/s from 100 files";
        var folder = lab.NewFolder();
        var logs = Enumerable.Range(0, 100).Select(i => File.Create(PathOf(folder, i), bufferSize: 1)).ToList();
        using var sink = await lab.NewSinkAsync();
        using var agent = new AgentProcess(
            lab.Vigil, folder,
            new(sink.Endpoint, [.. logs.Select(log => log.Name)], "\"compression\": \"none\""));
        await WriteSteadilyAsync(logs, TimeSpan.FromSeconds(2));
        var (before, began) = (agent.Cpu, Stopwatch.GetTimestamp());
        await WriteSteadilyAsync(logs, lab.Options.Watch);
        var core = (agent.Cpu - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var lines = logs.Sum(log => log.Length) / SteadyLine.Length;
        logs.ForEach(log => log.Dispose());
        await agent.DeliverAsync(sink, lines, Patience);
        Progress.Say($"{Name}: {Text(core)} of a core, {Text(agent.PeakMebibytes)} MiB");
        return
        [
            new(Name, "CPU", "of a core", [core], Most: 0.03),
            new(Name, "peak RSS", "MiB", [agent.PeakMebibytes], Most: 40)
        ];
    }

    /// <summary>A line's way while all else is quiet, with no linger.</summary>
    public static async Task<IReadOnlyList<Finding>> LatencyAsync(Lab lab)
    {
        const string Name = "append to arrival, linger 0";
        var took = await LineLatencyAsync(lab, "\"linger_ms\": 0", flushSeconds: 5, lab.Options.IsShort ? 5 : 500);
        Progress.Say($"{Name}: {Text(LineLatency.Percentile(took, 50))} ms");
        return
        [
            new(Name, "median", "ms", [LineLatency.Percentile(took, 50)], Most: 10),
            new(Name, "p99", "ms", [LineLatency.Percentile(took, 99)], Most: 30)
        ];
    }

    /// <summary>The same as configured by a second of force_flush_interval.</summary>
    public static async Task<IReadOnlyList<Finding>> LingerAsync(Lab lab)
    {
        const string Name = "append to arrival, force_flush_interval 1";
        var took = await LineLatencyAsync(lab, "", flushSeconds: 1, lab.Options.IsShort ? 1 : 10);
        Progress.Say($"{Name}: {Text(took[^1])} ms at most");
        return [new(Name, "slowest", "ms", [took[^1]], Most: 1020)];
    }

    /// <summary>One file that nobody writes to.</summary>
    public static Task<IReadOnlyList<Finding>> IdleAsync(Lab lab) =>
        IdleAsync(lab, "one idle file", files: 1, mostPercent: 0.05, mostMebibytes: 25);

    /// <summary>Ten thousand of them.</summary>
    public static Task<IReadOnlyList<Finding>> ManyIdleAsync(Lab lab) =>
        IdleAsync(lab, "10,000 idle files", lab.Options.IsShort ? 100 : 10_000, mostPercent: 1, mostMebibytes: null);

    /// <summary>From the start of the process to the first line's arrival, which is later than its reading; and the
    /// program's size.</summary>
    public static async Task<IReadOnlyList<Finding>> StartAsync(Lab lab)
    {
        const string Name = "start";
        List<double> took = [];
        for (var i = 0; i < lab.Options.Rounds; i++)
        {
            var folder = lab.NewFolder();
            await File.WriteAllBytesAsync(PathOf(folder, 0), SteadyLine);
            using var sink = await lab.NewSinkAsync();
            using var agent = new AgentProcess(
                lab.Vigil, folder, new(sink.Endpoint, [PathOf(folder, 0)], "\"linger_ms\": 0"));
            took.Add(await agent.DeliverAsync(sink, 1, Patience) * 1000);
        }

        var program = Path.GetDirectoryName(Path.GetFullPath(lab.Vigil))!;
        var bytes = new[] { lab.Vigil }.Concat(Directory.EnumerateFiles(program, "*.so"))
            .Sum(file => new FileInfo(file).Length);
        Progress.Say($"{Name}: {string.Join(", ", took.Select(Text))} ms");
        return
        [
            new(Name, "process start to first arrival", "ms", took, Most: 150),
            new(Name, "program", "MB", [bytes / 1e6], Most: 30)
        ];
    }

    static async Task<List<double>> LineLatencyAsync(Lab lab, string keys, int flushSeconds, int lines)
    {
        var folder = lab.NewFolder();
        var log = PathOf(folder, 0);
        await File.WriteAllBytesAsync(log, SteadyLine);
        using var sink = await lab.NewSinkAsync();
        using var agent = new AgentProcess(
            lab.Vigil, folder, new(sink.Endpoint, [log], keys) { FlushSeconds = flushSeconds });
        await agent.DeliverAsync(sink, 1, Patience);
        return await LineLatency.MeasureAsync(log, sink, 1, lines, CancellationToken.None);
    }

    static async Task<IReadOnlyList<Finding>> IdleAsync(
        Lab lab, string name, int files, double mostPercent, double? mostMebibytes)
    {
        var folder = lab.NewFolder();
        var logs = Directory.CreateDirectory(Path.Combine(folder, "logs")).FullName;
        for (var i = 0; i < files; i++)
        {
            await File.WriteAllBytesAsync(PathOf(logs, i), SteadyLine);
        }

        using var sink = await lab.NewSinkAsync();
        using var agent = new AgentProcess(
            lab.Vigil, folder,
            new(sink.Endpoint, [Path.Combine(logs, "*")], "\"linger_ms\": 100, \"tail_all\": true"));
        await agent.DeliverAsync(sink, files, Patience);
        await Task.Delay(lab.Options.IsShort ? TimeSpan.Zero : Settling);
        var (before, began) = (agent.Cpu, Stopwatch.GetTimestamp());
        await Task.Delay(lab.Options.Watch);
        var percent = (agent.Cpu - before) / Stopwatch.GetElapsedTime(began).TotalSeconds * 100;
        Progress.Say($"{name}: {Text(percent)} % of a core, {Text(agent.ResidentMebibytes)} MiB");
        return
        [
            new(name, "CPU", "% of a core", [percent], Most: mostPercent),
            new(name, "RSS", "MiB", [agent.ResidentMebibytes], Most: mostMebibytes)
        ];
    }

    static readonly byte[] SteadyLine = Encoding.UTF8.GetBytes(
        $"Nov 15 20:35:23 ip-10-10-20-20 sshd[20000]: Failed password for invalid user {new string('x', 137)}\n");

    static async Task WriteSteadilyAsync(List<FileStream> logs, TimeSpan duration)
    {
        var tick = TimeSpan.FromMilliseconds(10);
        var began = Stopwatch.GetTimestamp();
        for (var due = TimeSpan.Zero; due < duration; due += tick)
        {
            var early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early);
            }

            foreach (var log in logs)
            {
                await RandomAccess.WriteAsync(log.SafeFileHandle, SteadyLine, log.Length);
            }
        }
    }

    static async Task<(long Allocated, int Gen2)> HeapAsync(Lab lab, AgentProcess agent)
    {
        using var asking = new Child(lab.Vigil, "status", "--json", "--state", agent.State);
        using var status = JsonDocument.Parse(await asking.Output.ReadToEndAsync());
        var heap = status.RootElement.GetProperty("process").GetProperty("heap");
        return (heap.GetProperty("allocated_bytes").GetInt64(), heap.GetProperty("collections")[2].GetInt32());
    }

    static string PathOf(string folder, int index) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"log-{index:D5}"));

    static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
