using Agent.Aws;

namespace Agent.Commands;

/// <summary>The region that a host is in, should no configuration name one.</summary>
static class HostRegion
{
    // An instance's own service may come up after the agent at boot.
    static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    /// <summary>As the environment says, or else the instance metadata service, where there is one.</summary>
    /// <returns>Null where nobody says.</returns>
    public static async Task<string?> FindAsync(CancellationToken cancel)
    {
        if (HostEnvironment.Region() is { } said)
        {
            return said;
        }

        using var metadata = new InstanceMetadata();
        var (time, began) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        while (InstanceFacts.AreExpected && time.GetElapsedTime(began) < MostPatience)
        {
            if (await InstanceFacts.TryAskRegionAsync(metadata, cancel) is { } region)
            {
                return region;
            }

            await Task.Delay(AskInterval, time, cancel);
        }

        return null;
    }
}
