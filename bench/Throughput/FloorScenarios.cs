namespace Throughput;

/// <summary>The agent beside the floor.</summary>
static class FloorScenarios
{
    const double MostMebibytes = 60;

    public static Task<IReadOnlyList<Finding>> PlainAsync(Lab lab) =>
        MeasureAsync(lab, "plain", new(), mostCpu: 1.4, leastWall: 1.0);

    public static Task<IReadOnlyList<Finding>> FarAsync(Lab lab) =>
        MeasureAsync(lab, "far (20 ms)", new() { Latency = TimeSpan.FromMilliseconds(20) }, leastWall: 0.85);

    public static Task<IReadOnlyList<Finding>> SecureAsync(Lab lab) =>
        MeasureAsync(lab, "TLS", new() { IsSecure = true }, mostCpu: 1.5);

    public static Task<IReadOnlyList<Finding>> ShippedDefaultAsync(Lab lab) =>
        MeasureAsync(
            lab, "TLS and gzip",
            new() { IsSecure = true, VigilKeys = "\"compression\": \"gzip\", \"linger_ms\": 100" }, mostCpu: 1.5);

    static async Task<IReadOnlyList<Finding>> MeasureAsync(
        Lab lab, string name, AgentCase one, double? mostCpu = null, double? leastWall = null)
    {
        var isPacked = one.VigilKeys != AgentCase.Plain;
        var rounds = await Rounds.MeasureAsync(
            lab, name, () => lab.ShipByFloorAsync(one.IsSecure, isPacked), () => lab.ShipByAgentAsync(one));
        return
        [
            new(name, "CPU, of the floor's", "x", [.. rounds.Select(round => round.Cpu)], Most: mostCpu),
            new(name, "rate, of the floor's", "x", [.. rounds.Select(round => round.Wall)], Least: leastWall),
            new(name, "rate", "MB/s", [.. rounds.Select(round => round.Subject.MegabytesPerSecond)]),
            new(name, "CPU for a GiB", "s", [.. rounds.Select(round => round.Subject.CpuPerGibibyte)]),
            new(name, "peak RSS", "MiB", [.. rounds.Select(round => round.Subject.PeakMebibytes)], Most: MostMebibytes)
        ];
    }
}
