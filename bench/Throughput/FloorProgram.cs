using System.Globalization;

namespace Throughput;

/// <summary>The least that shipping a file can cost: one thread reads, splits, escapes, hashes and sends, batch by
/// batch, over one connection. No framing options, no positions, no retries; only what the service's protocol demands
/// of any agent. A process of its own, for what it takes to be its own.</summary>
static class FloorProgram
{
    public const string Verb = "floor";

    /// <param name="args">The file, the endpoint, and then <c>gzip</c> or the path of an authority to trust.</param>
    public static void Run(IReadOnlyList<string> args)
    {
        var began = TimeProvider.System.GetTimestamp();
        var isPacked = args.Contains("gzip");
        using var requests = new FloorRequests(
            new(args[1]), args.Skip(2).FirstOrDefault(one => one.Contains('/', StringComparison.Ordinal)), isPacked);
        new FloorBatches(requests.Send).Ship(args[0]);
        var wall = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{wall:F3} {Environment.CpuUsage.TotalTime.TotalSeconds:F3}"));
    }
}
