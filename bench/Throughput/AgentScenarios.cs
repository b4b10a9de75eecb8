using Agent.Bench;

namespace Throughput;

/// <summary>The agent with more to do, beside itself with no more than there must be; or another shipper beside it.
/// </summary>
static class AgentScenarios
{
    public static async Task<IReadOnlyList<Finding>> HundredFilesAsync(Lab lab)
    {
        const string Name = "100 files";
        var rounds = await BesideOneFileAsync(lab, Name, new(lab.Workload(files: 100)));
        return
        [
            Rate(Name, rounds, 0.95),
            new(Name, "rate", "MB/s", [.. rounds.Select(round => round.Subject.MegabytesPerSecond)]),
            new(Name, "peak RSS", "MiB", [.. rounds.Select(round => round.Subject.PeakMebibytes)], Most: 60)
        ];
    }

    public static async Task<IReadOnlyList<Finding>> IncludeAsync(Lab lab)
    {
        const string Name = "include filter that keeps 1 %";
        var rare = lab.Workload(failedEach: 100);
        var rounds = await BesideOneFileAsync(
            lab, Name, new(rare, rare.Failed) { EntryKeys = Include("Failed password for invalid user") });
        return [Rate(Name, rounds, 1.5)];
    }

    public static async Task<IReadOnlyList<Finding>> RegexAsync(Lab lab)
    {
        const string Name = "regular expression";
        const string Expression = """^\\w{3} +\\d+ [\\d:]+ \\S+ sshd\\[\\d+\\]: Failed""";
        var rare = lab.Workload(failedEach: 100);
        var all = await BesideOneFileAsync(lab, Name, new() { EntryKeys = Include(Expression) });
        var few = await BesideOneFileAsync(lab, Name, new(rare, rare.Failed) { EntryKeys = Include(Expression) });
        return [Rate(Name + " that keeps all", all, 0.8), Rate(Name + " that keeps 1 %", few, 0.8)];
    }

    public static async Task<IReadOnlyList<Finding>> MultiLineAsync(Lab lab)
    {
        const string Name = "multi-line and timestamps";
        return
        [
            .. await MultiLineAsync(lab, Name, lab.Workload(), SecureLines.Format),
            .. await MultiLineAsync(
                lab, Name + ", each line its own", lab.Workload(isPrecise: true), SecureLines.PreciseFormat)
        ];
    }

    /// <summary>Five metric filters of all forms, each with an alarm, on lines of which one in a hundred is watched
    /// for.</summary>
    public static async Task<IReadOnlyList<Finding>> DetectionsAsync(Lab lab)
    {
        const string Name = "5 metric filters";
        var rare = lab.Workload(failedEach: 100);
        string[] patterns =
        [
            """ \"Failed password\" \"invalid user\" """, "{ $.eventName = ConsoleLogin && $.errorMessage = * }",
            "[month, day, time, host, program = sshd*, what = Failed, ...]", "%Failed \\\\w+ for invalid%",
            """ ?\"authentication failure\" ?\"incorrect password\" """
        ];
        var detections = patterns.Select((pattern, i) => $$"""
            { "name": "d{{i}}", "file_path": "{{rare.Paths[0]}}", "start_position": "beginning",
              "pattern": "{{pattern}}", "alarm": { "threshold": 1e12 } }
            """);
        var rounds = await Rounds.MeasureAsync(
            lab, Name, () => lab.ShipByAgentAsync(new(rare)),
            () => lab.ShipByAgentAsync(new(rare)
            {
                VigilKeys = $"{AgentCase.Plain}, \"detections\": [{string.Join(", ", detections)}]"
            }));
        return
        [
            new(Name, "CPU, of the plain", "x", [.. rounds.Select(round => round.Cpu)], Most: 1.25),
            new(Name, "rate, of the plain", "x", [.. rounds.Select(round => round.Wall)]),
            new(Name, "peak RSS", "MiB", [.. rounds.Select(round => round.Subject.PeakMebibytes)])
        ];
    }

    /// <summary>Another shipper in turns with the agent.</summary>
    public static async Task<IReadOnlyList<Finding>> CompareAsync(Lab lab, string command)
    {
        const string Name = "compared";
        var rounds = await Rounds.MeasureAsync(
            lab, Name, () => lab.ShipByAgentAsync(new()), () => lab.ShipByCommandAsync(command));
        return
        [
            new(Name, "its CPU, of the agent's", "x", [.. rounds.Select(round => round.Cpu)]),
            new(Name, "its rate, of the agent's", "x", [.. rounds.Select(round => round.Wall)]),
            new(Name, "its rate", "MB/s", [.. rounds.Select(round => round.Subject.MegabytesPerSecond)]),
            new(Name, "its peak RSS", "MiB", [.. rounds.Select(round => round.Subject.PeakMebibytes)])
        ];
    }

    static async Task<IReadOnlyList<Finding>> MultiLineAsync(Lab lab, string name, Workload workload, string format)
    {
        // The last event is held back for seconds: a line may follow that continues it.
        var rounds = await Rounds.MeasureAsync(
            lab, name, () => lab.ShipByAgentAsync(new(workload)),
            () => lab.ShipByAgentAsync(new(workload, workload.Lines - 1)
            {
                HeldBack = 1,
                EntryKeys = $$"""
                    , "timestamp_format": "{{format}}", "timezone": "UTC"
                    , "multi_line_start_pattern": "{timestamp_format}"
                    """
            }));
        return
        [
            new(name, "CPU, of the plain", "x", [.. rounds.Select(round => round.Cpu)], Most: 2.0),
            new(name, "rate, of the plain", "x", [.. rounds.Select(round => round.Wall)])
        ];
    }

    static string Include(string expression) =>
        $$"""
        , "filters": [ { "type": "include", "expression": "{{expression}}" } ]
        """;

    static Task<List<Round>> BesideOneFileAsync(Lab lab, string name, AgentCase one) =>
        Rounds.MeasureAsync(lab, name, () => lab.ShipByAgentAsync(new()), () => lab.ShipByAgentAsync(one));

    static Finding Rate(string name, List<Round> rounds, double least) =>
        new(name, "rate, of the plain", "x", [.. rounds.Select(round => round.Wall)], Least: least);
}
