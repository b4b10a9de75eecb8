using Agent.Native;
using Microsoft.Extensions.Logging;

namespace Agent.Aws;

/// <summary>Finds out which instance this is. At boot the metadata service may be late; guessing too early would send
/// a host's logs to a stream "i-UNKNOWN" until somebody restarts the agent. So it is asked on, and meanwhile the id
/// of the last run is good, provided the hardware is still the same.</summary>
/// <param name="region">The configured region, if any.</param>
/// <param name="recall">Reads a fact that the last run kept.</param>
/// <param name="keep">Keeps a fact for the next run.</param>
sealed partial class InstanceIdentity(
    string? region, Func<string, string?> recall, Action<string, string> keep, TimeProvider time, ILogger log)
{
    const string IdFact = "instance_id";
    const string HardwareFact = "hardware_id";

    static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(10);
    static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(2);

    public async Task<InstanceFacts> FindAsync(CancellationToken cancel)
    {
        if (!InstanceFacts.AreExpected)
        {
            return InstanceFacts.Local(region);
        }

        using var metadata = new InstanceMetadata();
        var began = time.GetTimestamp();
        for (var isFirst = true; time.GetElapsedTime(began) < MostPatience; isFirst = false)
        {
            if (await InstanceFacts.TryAskAsync(metadata, region, cancel) is { } facts)
            {
                keep(IdFact, facts.InstanceId);
                keep(HardwareFact, Host.HardwareId());
                return facts;
            }

            if (Remembered() is { } id)
            {
                LogRemembered(id);
                return InstanceFacts.Local(region) with { InstanceId = id };
            }

            if (isFirst)
            {
                LogWaiting();
            }

            await Task.Delay(AskInterval, time, cancel);
        }

        LogUnknown(MostPatience.TotalMinutes);
        return InstanceFacts.Local(region);
    }

    string? Remembered() =>
        Host.HardwareId() is { Length: > 0 } hardware && recall(HardwareFact) == hardware ? recall(IdFact) : null;

    [LoggerMessage(710, LogLevel.Warning,
        "The instance metadata service does not answer. Lines are read, and uploaded as soon as the instance's id is "
        + "known. In a container, allow a hop limit of 2")]
    partial void LogWaiting();

    [LoggerMessage(711, LogLevel.Warning,
        "The instance metadata service does not answer: going on as {Id}, which this hardware was before")]
    partial void LogRemembered(string id);

    [LoggerMessage(702, LogLevel.Error,
        "The instance metadata service did not answer for {Minutes} minutes: names use i-UNKNOWN and the like. "
        + "Restart vigil once it answers")]
    partial void LogUnknown(double minutes);
}
