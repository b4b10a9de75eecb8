using Agent.Bench;

namespace Throughput;

/// <summary>A shipment in turns with what it is compared with.</summary>
static class Rounds
{
    /// <returns>Those in which the other stood still, of as many as are asked for.</returns>
    public static async Task<List<Round>> MeasureAsync(
        Lab lab, string name, Func<Task<Shipment>> other, Func<Task<Shipment>> subject)
    {
        List<Round> good = [];
        for (var i = 0; i < lab.Options.Rounds; i++)
        {
            var round = new Round(await other(), await subject(), await other());
            if (round.IsGood || lab.Options.IsShort)
            {
                good.Add(round);
            }

            Progress.Say(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{name}: {round.Before.MegabytesPerSecond:F0} MB/s {round.Before.CpuPerGibibyte:F2} s/GiB, then "
                + $"{round.Subject.MegabytesPerSecond:F0} MB/s {round.Subject.CpuPerGibibyte:F2} s/GiB "
                + $"{round.Subject.PeakMebibytes:F1} MiB, then {round.After.MegabytesPerSecond:F0} MB/s "
                + $"{round.After.CpuPerGibibyte:F2} s/GiB{(round.IsGood ? "" : ": drifted, left out")}"));
        }

        return good;
    }
}
