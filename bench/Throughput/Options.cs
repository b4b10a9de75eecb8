using System.Globalization;

namespace Throughput;

/// <summary>What is to be measured.</summary>
sealed record Options
{
    public const string Usage = """
        usage: Throughput [--only NAMES] [--rounds N] [--mb N] [--json FILE] [--vigil PATH] [--compare 'COMMAND']
               Throughput --short

        Measures the agent beside the least program that can ship a file (the floor), each to a sink of its own on
        loopback, in turns. Prints a table in Markdown with what is to be reached, and ends with 1 where it is not.

          --only     of the scenarios only these, separated by commas: NAMES
          --rounds   how often each is measured (5)
          --mb       the bytes to ship, in MiB (1024)
          --short    one round of everything with little data: whether it works, not how fast. It ends with 0
          --json     where to write all values
          --vigil    the agent's program (VIGIL_BINARY, or artifacts/native/vigil)
          --compare  another shipper instead, in turns with the agent: {file}, {endpoint} and {folder} (an empty one)
                     are put in, and it must send PutLogEvents and never end by itself
        """;

    public int Rounds { get; private init; } = 5;

    public int Mebibytes { get; private init; } = 1024;

    public IReadOnlyList<string> Only { get; private init; } = [];

    public bool IsShort { get; private init; }

    public string? JsonPath { get; private init; }

    public string? Vigil { get; private init; }

    public string? Compared { get; private init; }

    /// <summary>How long what takes a fixed time is watched.</summary>
    public TimeSpan Watch => TimeSpan.FromSeconds(IsShort ? 1 : 20);

    /// <summary>Null where they make no sense.</summary>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--short")
            {
                options = options with { IsShort = true, Rounds = 1, Mebibytes = 16 };
            }
            else if (i + 1 < args.Count && options.With(args[i], args[++i]) is { } with)
            {
                options = with;
            }
            else
            {
                return null;
            }
        }

        return options;
    }

    Options? With(string name, string value)
    {
        var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
        return name switch
        {
            "--only" => this with { Only = value.Split(',') },
            "--json" => this with { JsonPath = value },
            "--vigil" => this with { Vigil = value },
            "--compare" => this with { Compared = value },
            _ when number < 1 => null,
            "--rounds" => this with { Rounds = number },
            "--mb" => this with { Mebibytes = number },
            _ => null
        };
    }
}
