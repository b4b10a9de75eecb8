namespace Throughput;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">What <c>--only</c> calls it.</param>
sealed record Scenario(string Name, Func<Lab, Task<IReadOnlyList<Finding>>> MeasureAsync)
{
    public static readonly IReadOnlyList<Scenario> All =
    [
        new("plain", FloorScenarios.PlainAsync),
        new("far", FloorScenarios.FarAsync),
        new("tls", FloorScenarios.SecureAsync),
        new("gzip", FloorScenarios.ShippedDefaultAsync),
        new("hundred", AgentScenarios.HundredFilesAsync),
        new("include", AgentScenarios.IncludeAsync),
        new("regex", AgentScenarios.RegexAsync),
        new("multiline", AgentScenarios.MultiLineAsync),
        new("detections", AgentScenarios.DetectionsAsync),
        new("allocation", ProcessScenarios.AllocationAsync),
        new("steady", ProcessScenarios.SteadyAsync),
        new("latency", ProcessScenarios.LatencyAsync),
        new("linger", ProcessScenarios.LingerAsync),
        new("idle", ProcessScenarios.IdleAsync),
        new("manyidle", ProcessScenarios.ManyIdleAsync),
        new("start", ProcessScenarios.StartAsync)
    ];
}
