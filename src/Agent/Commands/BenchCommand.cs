using System.CommandLine;
using System.Globalization;
using Agent.Bench;

namespace Agent.Commands;

/// <summary><c>vigil bench</c>: what this host can ship, measured with the agent as it is, on loopback, in some
/// seconds and without a trace left behind.</summary>
static class BenchCommand
{
    const int Lines = 100;
    const double SlowestMebibytesPerSecond = 2;

    public static Command Create()
    {
        var mebibytes = WholeNumber.Option("--mb", "N", "So many MiB of log lines (default: 256)", 8, 65_536);
        var command = new Command(
            "bench",
            "Measure what this host can ship: to a CloudWatch Logs on loopback that keeps nothing\n\n"
            + "Writes N MiB of log lines to the temporary folder (TMPDIR chooses it), ships them with an agent of its\n"
            + "own, counts what arrives, and then how long single lines take. Nothing that runs is touched.\n\n"
            + "Examples:\n"
            + "  vigil bench\n"
            + "  vigil bench --mb 1024")
        {
            mebibytes
        };
        command.SetGuardedAction((parsed, cancel) => RunAsync(parsed.GetValue(mebibytes) ?? 256, cancel));
        return command;
    }

    static async Task<int> RunAsync(int mebibytes, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("files are followed on Linux only so far");
        }

        var vigil = Environment.ProcessPath ?? throw new UsageException("this program's own path is not known");
        var folder = Directory.CreateTempSubdirectory("vigil-bench-").FullName;
        try
        {
            var log = Path.Combine(folder, "secure");
            Say($"Writing {mebibytes} MiB of log lines to {log}");
            var lines = await WriteAsync(log, mebibytes, cancel);
            using var sink = await SinkProcess.StartAsync(vigil, new(TimeSpan.Zero, Denied: null, AuthorityPath: null));

            Say("Shipping them to this machine itself, plain and uncompressed, on all processors that there are");
            const string Plain = "\"compression\": \"none\", \"linger_ms\": 0";
            using var agent = new AgentProcess(vigil, folder, new(sink.Endpoint, [log], Plain));
            var patience = TimeSpan.FromSeconds(60 + (mebibytes / SlowestMebibytesPerSecond));
            var wall = await agent.DeliverAsync(sink, lines, patience).WaitAsync(cancel);
            var shipped = new Shipment(new FileInfo(log).Length, lines, wall, agent.Cpu, agent.PeakMebibytes);

            Say($"Appending {Lines} single lines");
            var took = await LineLatency.MeasureAsync(log, sink, lines, Lines, cancel);
            Print(shipped, took);
            return await IsWholeAsync(sink, lines + Lines) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (InvalidOperationException e)
        {
            throw new IOException($"The measurement failed: {e.Message}", e);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Returns how many lines.
    static async Task<long> WriteAsync(string path, int mebibytes, CancellationToken cancel)
    {
        await using var file = File.Create(path);
        var lines = 0L;
        foreach (var block in SecureLines.Log(mebibytes))
        {
            await file.WriteAsync(block, cancel);
            lines += block.AsSpan().Count((byte)'\n');
        }

        return lines;
    }

    static void Print(Shipment shipped, List<double> took)
    {
        Say("");
        Row("rate", $"{shipped.MegabytesPerSecond:F0} MB/s, {shipped.EventsPerSecond:F0} lines/s");
        var cpu = shipped.Cpu / shipped.Events * 1e6;
        Row("CPU", $"{shipped.CpuPerGibibyte:F2} s for a GiB, {cpu:F2} s for a million lines");
        Row("memory", $"{shipped.PeakMebibytes:F0} MiB at most");
        var (median, slowest) = (LineLatency.Percentile(took, 50), took[^1]);
        Row("a line's way", $"{median:F1} ms, the slowest of {took.Count} {slowest:F1} ms (linger_ms 0)");
    }

    static async Task<bool> IsWholeAsync(SinkProcess sink, long lines)
    {
        var arrived = await sink.EventsAsync();
        Say(arrived == lines
            ? $"As many log events arrived as lines were written: {lines}."
            : $"{arrived} log events arrived, of {lines} lines: please report this.");
        return arrived == lines;
    }

    static void Row(string name, FormattableString value) => Say(
        string.Create(CultureInfo.InvariantCulture, $"{name,-14}{value.ToString(CultureInfo.InvariantCulture)}"));

    static void Say(string text) => Console.WriteLine(text);
}
