namespace Agent.Bench;

/// <summary>What a program took to ship a log.</summary>
/// <param name="Wall">From its start to the last event's arrival, in seconds.</param>
/// <param name="Cpu">Of all its threads, in seconds.</param>
/// <param name="PeakMebibytes">Of resident memory; 0 where nobody measured it.</param>
sealed record Shipment(long Bytes, long Events, double Wall, double Cpu, double PeakMebibytes = 0)
{
    public double MegabytesPerSecond => Bytes / 1e6 / Wall;

    public double EventsPerSecond => Events / Wall;

    public double CpuPerGibibyte => Cpu * (1L << 30) / Bytes;
}
