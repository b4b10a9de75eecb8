using System.Globalization;

namespace Throughput;

/// <summary>What a run is to measure.</summary>
sealed record Options
{
    public const string Usage = """
        usage: Throughput [--rounds N] [--mb N] [--files N] [--latency-ms N] [--budget-mb N] [--extra JSON]

          --rounds      floor-agent-floor rounds (5)
          --mb          the bytes to ship, in MiB (1024)
          --files       so many files, each to a stream of its own (1); the floor ships them as one
          --latency-ms  the sink withholds each answer for so long (0); the floor's answers come at once
          --budget-mb   vigil.memory_budget_mb (24)
          --extra       further keys of each entry, such as '"timestamp_format": "%b %d %H:%M:%S"'

        VIGIL_BINARY and FLOOR_BINARY name the programs; artifacts/native/vigil and artifacts/native-floor/Floor are
        made by ./build.sh publish and ./build.sh throughput.
        """;

    public int Rounds { get; private init; } = 5;

    public int Mebibytes { get; private init; } = 1024;

    public int Files { get; private init; } = 1;

    public int LatencyMilliseconds { get; private init; }

    public int BudgetMebibytes { get; private init; } = 24;

    public string Extra { get; private init; } = "";

    /// <summary>Null where they make no sense.</summary>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options();
        for (var i = 0; i < args.Count; i++)
        {
            if (i + 1 == args.Count || options.With(args[i], args[++i]) is not { } with)
            {
                return null;
            }

            options = with;
        }

        return options;
    }

    Options? With(string name, string value)
    {
        var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
        return name switch
        {
            "--extra" => this with { Extra = value },
            "--latency-ms" when number >= 0 => this with { LatencyMilliseconds = number },
            _ when number < 1 => null,
            "--rounds" => this with { Rounds = number },
            "--mb" => this with { Mebibytes = number },
            "--files" => this with { Files = number },
            "--budget-mb" => this with { BudgetMebibytes = number },
            _ => null
        };
    }
}
