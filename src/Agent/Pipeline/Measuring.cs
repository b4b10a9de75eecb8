using Agent.Config.Model;
using Agent.Detect;
using Agent.Events;
using Agent.Measure;
using Agent.Native;
using Agent.Status;

namespace Agent.Pipeline;

/// <summary>Measures each minute what is watched or published of the host: what goes through it as a NAT gateway, and
/// how the agent itself does.</summary>
/// <param name="growth">Of what only counts up.</param>
/// <param name="report">The agent's status.</param>
sealed class Measuring(
    WatchPlan plan, Growth growth, Func<CancellationToken, Task<StatusReport>> report, TimeProvider time)
{
    const string Lag = "LagSeconds";
    const string DeadLetters = "DeadLetterEvents";
    const string Lost = "LostBytes";
    const string DiskFree = "DiskFreePercent";
    const string Heartbeat = "Heartbeat";

    readonly NatGateway? _gateway = plan.Configured.NatGateway is { } gateway ? GatewayOf(gateway, growth, time) : null;

    readonly bool _isHealthWatched = plan.OfHost.Any(
        one => HostMetric.All.Any(metric => metric.Name == one.Measured && !metric.IsOfGateway));

    /// <summary>What cannot be measured, and why.</summary>
    public IReadOnlyList<string> Troubles => _gateway?.Troubles ?? [];

    /// <summary>What measures a gateway.</summary>
    public static NatGateway GatewayOf(NatGatewaySettings gateway, Growth growth, TimeProvider time) => new(
        gateway.Counters, [.. gateway.Names.Select(one => new NatCounter(one.Metric, one.Name))], growth, time);

    /// <summary>Counters begin to count when they are first read; what they counted while no agent ran is known then.
    /// </summary>
    /// <param name="record">Keeps the rows.</param>
    public async Task BeginAsync(Watch watch, Action<IReadOnlyList<StateRow>> record, CancellationToken cancel)
    {
        if (_gateway is not null)
        {
            Take(await _gateway.MeasureAsync(cancel), [], watch, record);
        }
    }

    /// <summary>Measures what is of the minute that just ended.</summary>
    /// <param name="record">Keeps the rows.</param>
    public async Task MeasureAsync(Watch watch, Action<IReadOnlyList<StateRow>> record, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var gateway = _gateway is null ? [] : await _gateway.MeasureAsync(cancel);
        List<Measurement> own = [.. _isHealthWatched ? await HealthAsync(now, cancel) : []];
        if (plan.Configured.Metrics.HasHeartbeat)
        {
            own.Add(new(Heartbeat, "Count", Measurement.MinuteEndedAt(now), 1));
        }

        Take(gateway, own, watch, record);
    }

    void Take(
        IReadOnlyList<Measurement> gateway, IReadOnlyList<Measurement> own, Watch watch,
        Action<IReadOnlyList<StateRow>> record)
    {
        List<(MetricIdentity, Measurement)> published =
        [
            .. from one in own
               where one.Name == Heartbeat
               select (Of(plan.Configured.Metrics.Namespace, one, "Host", Environment.MachineName), one)
        ];
        if (plan.Configured.NatGateway is { IsPublished: true } settings)
        {
            published.AddRange(
                gateway.Select(one => (Of(settings.Namespace, one, "NatGatewayId", settings.Id), one)));
        }

        watch.Take([.. gateway, .. own], published, rows => record([.. rows, .. growth.TakeRows()]));
    }

    static MetricIdentity Of(string space, Measurement measured, string dimension, string value) =>
        new(space, measured.Name, measured.Unit, [KeyValuePair.Create(dimension, value)]);

    async Task<IReadOnlyList<Measurement>> HealthAsync(DateTimeOffset now, CancellationToken cancel)
    {
        StatusReport status;
        try
        {
            status = await report(cancel);
        }
        catch (InvalidOperationException)
        {
            return []; // it starts, or goes over to another configuration
        }

        var minute = Measurement.MinuteEndedAt(now);
        var lag = status.Sources.SelectMany(source => source.Files).Select(file => file.BehindSeconds)
            .DefaultIfEmpty().Max();
        return
        [
            new(Lag, "Seconds", minute, lag),
            new(DeadLetters, "Count", minute, status.DeadLetters.Events),
            .. growth.Take(
                Lost, "Bytes", (ulong)Math.Max(0, status.Gaps.LostBytes), Host.BootId(), bits: 64,
                now.ToUnixTimeSeconds()),
            .. DiskFreeOf(status.StateFolder) is { } free ? [new(DiskFree, "Percent", minute, free)]
                : Array.Empty<Measurement>()
        ];
    }

    static double? DiskFreeOf(string folder)
    {
        try
        {
            var disk = new DriveInfo(folder);
            return disk.TotalSize > 0 ? 100.0 * disk.AvailableFreeSpace / disk.TotalSize : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
