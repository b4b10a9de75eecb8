using System.Globalization;

namespace EndToEnd.Tests.Chaos;

/// <summary>How a log may be rotated, and what the writer does meanwhile.</summary>
enum Rotation
{
    Rename,
    RenameGzip,
    RenameHeld,
    Copytruncate,
    CopytruncateGzip,
    Delete
}

/// <summary>What a run does to the agent. VIGIL_CHAOS says it in words: "seconds=60 kinds=Rename,Delete
/// seed=7".</summary>
sealed record ChaosPlan
{
    public const string Variable = "VIGIL_CHAOS";

    /// <summary>Throws all the dice of the run: the same one throws the same again, though not at the same
    /// moments.</summary>
    public int Seed { get; init; }

    public int LinesPerSecond { get; init; }

    /// <summary>At least so long: a run goes on until everything was done that it is to do.</summary>
    public TimeSpan Lasts { get; init; }

    public IReadOnlyList<Rotation> Kinds { get; init; } = [];

    public int Rotations { get; init; }

    public int Kills { get; init; }

    /// <summary>How many requests fail, from 0 to 1.</summary>
    public double FailingShare { get; init; }

    /// <summary>How long the service is away, once; zero is never.</summary>
    public TimeSpan Outage { get; init; }

    /// <summary>Ten rotations of each kind, ten kills and an outage within a minute.</summary>
    public static ChaosPlan Storm(Dictionary<string, string> words)
    {
        var kinds = KindsIn(words);
        return Of(words, kinds, rate: 20_000, seconds: 60) with
        {
            Rotations = Number(words, "rotations", 10) * kinds.Count,
            Kills = Number(words, "kills", 10),
            Outage = TimeSpan.FromSeconds(Number(words, "outage", 20))
        };
    }

    /// <summary>A rotation each 20 seconds and a kill each minute, for as long as one likes.</summary>
    public static ChaosPlan Soak(Dictionary<string, string> words)
    {
        var plan = Of(words, KindsIn(words), rate: 2_000, seconds: 60 * Number(words, "minutes", 10));
        return plan with
        {
            Rotations = (int)(plan.Lasts / TimeSpan.FromSeconds(20)),
            Kills = (int)(plan.Lasts / TimeSpan.FromMinutes(1)),
            Outage = TimeSpan.FromSeconds(Number(words, "outage", 20))
        };
    }

    /// <summary>The words of VIGIL_CHAOS.</summary>
    public static Dictionary<string, string> Words() =>
        (Environment.GetEnvironmentVariable(Variable) ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split('=', 2))
            .ToDictionary(
                parts => parts[0],
                parts => parts.Length == 2 ? parts[1] : throw new FormatException($"{parts[0]} has no value"));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed={Seed} rate={LinesPerSecond} seconds={Lasts.TotalSeconds} rotations={Rotations} kills={Kills} "
        + $"fail={FailingShare} outage={Outage.TotalSeconds} kinds={string.Join(',', Kinds)}");

    static ChaosPlan Of(Dictionary<string, string> words, List<Rotation> kinds, int rate, int seconds) => new()
    {
        Seed = Number(words, "seed", Environment.TickCount & 0xffff),
        LinesPerSecond = Number(words, "rate", rate),
        Lasts = TimeSpan.FromSeconds(Number(words, "seconds", seconds)),
        Kinds = kinds,
        FailingShare = Number(words, "fail", 30) / 100.0
    };

    static List<Rotation> KindsIn(Dictionary<string, string> words) =>
        words.TryGetValue("kinds", out var names)
            ? [.. names.Split(',').Select(name => Enum.Parse<Rotation>(name, ignoreCase: true))]
            : [.. Enum.GetValues<Rotation>()];

    static int Number(Dictionary<string, string> words, string name, int otherwise) =>
        words.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
