using Agent.Bench;

namespace Throughput;

/// <summary>What a shipment is compared with, the shipment, and the other again: the machine's rate drifts, so that
/// only ratios within a round count.</summary>
sealed record Round(Shipment Before, Shipment Subject, Shipment After)
{
    const double MostDrift = 0.15;

    /// <summary>How the rate compares.</summary>
    public double Wall => Subject.MegabytesPerSecond / Mean(one => one.MegabytesPerSecond);

    /// <summary>How the processor time compares.</summary>
    public double Cpu => Subject.CpuPerGibibyte / Mean(one => one.CpuPerGibibyte);

    /// <summary>Whether what it is compared with stood still meanwhile.</summary>
    public bool IsGood =>
        Drift(one => one.MegabytesPerSecond) <= MostDrift && Drift(one => one.CpuPerGibibyte) <= MostDrift;

    double Mean(Func<Shipment, double> of) => (of(Before) + of(After)) / 2;

    double Drift(Func<Shipment, double> of) => Math.Abs(of(Before) - of(After)) / Mean(of);
}
