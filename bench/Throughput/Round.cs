using System.Globalization;

namespace Throughput;

/// <summary>What one program took to ship the bytes.</summary>
/// <param name="Wall">From its start to the last byte's arrival, in seconds.</param>
/// <param name="Cpu">Of all its threads, in seconds.</param>
sealed record Shipment(long Bytes, double Wall, double Cpu, double PeakMebibytes = 0)
{
    public double MegabytesPerSecond => Bytes / 1e6 / Wall;

    public double CpuPerGibibyte => Cpu * (1L << 30) / Bytes;
}

/// <summary>The floor, the agent, and the floor again.</summary>
sealed record Round(Shipment Before, Shipment Agent, Shipment After)
{
    const double MostDrift = 0.15;

    public const string Header = "floor MB/s, CPU s/GiB | agent MB/s, CPU s/GiB, peak MiB | x wall, x CPU";

    double FloorRate => (Before.MegabytesPerSecond + After.MegabytesPerSecond) / 2;

    double FloorCpu => (Before.CpuPerGibibyte + After.CpuPerGibibyte) / 2;

    /// <summary>How the agent's rate compares to the floor's.</summary>
    public double Wall => Agent.MegabytesPerSecond / FloorRate;

    public double Cpu => Agent.CpuPerGibibyte / FloorCpu;

    /// <summary>Whether the floor stood still meanwhile.</summary>
    public bool IsGood =>
        Math.Abs(Before.MegabytesPerSecond - After.MegabytesPerSecond) <= MostDrift * FloorRate
        && Math.Abs(Before.CpuPerGibibyte - After.CpuPerGibibyte) <= MostDrift * FloorCpu;

    public static string Medians(IReadOnlyList<Round> rounds)
    {
        var good = rounds.Where(round => round.IsGood).ToList();
        return good.Count == 0
            ? "no round is of use: the floor drifted in each"
            : string.Create(CultureInfo.InvariantCulture,
                $"median of {good.Count} of {rounds.Count} rounds: floor {Median(good, one => one.FloorRate):F0} MB/s, "
                + $"{Median(good, one => one.FloorCpu):F2} | agent "
                + $"{Median(good, one => one.Agent.MegabytesPerSecond):F0} MB/s, "
                + $"{Median(good, one => one.Agent.CpuPerGibibyte):F2}, "
                + $"{good.Max(one => one.Agent.PeakMebibytes):F1} MiB at most | x wall "
                + $"{Median(good, one => one.Wall):F2}, x CPU {Median(good, one => one.Cpu):F2}");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Before.MegabytesPerSecond:F0}, {Before.CpuPerGibibyte:F2}; {After.MegabytesPerSecond:F0}, "
        + $"{After.CpuPerGibibyte:F2} | {Agent.MegabytesPerSecond:F0}, {Agent.CpuPerGibibyte:F2}, "
        + $"{Agent.PeakMebibytes:F1} | {Wall:F2}, {Cpu:F2}{(IsGood ? "" : " (left out: the floor drifted)")}");

    static double Median(IReadOnlyList<Round> rounds, Func<Round, double> of)
    {
        var values = rounds.Select(of).Order().ToList();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
