using System.Diagnostics;
using System.Text;

namespace Agent.Bench;

/// <summary>How long a line takes from its append to its arrival, while nothing else is written.</summary>
static class LineLatency
{
    static readonly byte[] Line = Encoding.UTF8.GetBytes(
        "Nov 15 20:35:23 ip-10-10-20-20 sshd[20000]: Failed password for invalid user x from 203.0.113.7 port 40000\n");

    /// <summary>Appends a line, waits until it is there, and again.</summary>
    /// <param name="arrived">How many events the sink has before.</param>
    /// <returns>Milliseconds, each line's, in the order of their length.</returns>
    public static async Task<List<double>> MeasureAsync(
        string path, SinkProcess sink, long arrived, int lines, CancellationToken cancel)
    {
        List<double> took = [];
        await using var log = new FileStream(
            path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (var i = 0; i < lines; i++)
        {
            // At no fixed distance to whatever the agent does periodically.
            await Task.Delay(TimeSpan.FromMilliseconds(20 + (i * 7 % 30)), TimeProvider.System, cancel);
            var reached = sink.ReachAsync(++arrived, cancel);
            var began = Stopwatch.GetTimestamp();
            await log.WriteAsync(Line, cancel);
            await reached;
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        took.Sort();
        return took;
    }

    /// <summary>A percentile of values in their order.</summary>
    public static double Percentile(IReadOnlyList<double> ordered, double percent) =>
        ordered[Math.Min(ordered.Count - 1, (int)(ordered.Count * percent / 100))];
}
