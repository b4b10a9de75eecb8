using Agent.Config.Model;
using Agent.Detect;
using Agent.Events;
using Agent.Measure;
using Agent.Status;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Measures each minute what is watched or published of the host: what goes through it as a NAT gateway, and
/// how the agent itself does.</summary>
/// <param name="growth">Of what only counts up.</param>
/// <param name="report">The agent's status.</param>
sealed partial class Measuring(
    WatchPlan plan, Growth growth, Func<CancellationToken, Task<StatusReport>> report, TimeProvider time, ILogger log)
{
    const string Heartbeat = "Heartbeat";

    readonly NatGateway? _gateway = plan.Configured.NatGateway is { } gateway
        ? GatewayOf(gateway, plan.OfHost.Select(one => one.Measured!), growth, time)
        : null;

    readonly bool _isHealthWatched = plan.OfHost.Any(
        one => HostMetric.All.Any(metric => metric.Name == one.Measured && !metric.IsOfGateway));

    readonly ILogger _log = log;
    (double Seconds, DateTimeOffset At) _lag = (0, time.GetUtcNow()); // when all readers answered last
    IReadOnlyList<(string Where, string What)> _said = [];
    IReadOnlyList<Measurement> _latest = [];
    string? _trouble;

    /// <summary>What cannot be measured, and why.</summary>
    public IReadOnlyList<(string Where, string What)> Troubles
    {
        get
        {
            List<(string, string)> troubles =
                [.. (_gateway?.Troubles ?? []).Select(trouble => ("vigil.nat_gateway", trouble))];
            if (Volatile.Read(ref _trouble) is { } other)
            {
                troubles.Add(("metrics of the host", other));
            }

            return troubles;
        }
    }

    /// <summary>What was measured last of each metric.</summary>
    public IReadOnlyList<Measurement> Latest => Volatile.Read(ref _latest);

    /// <summary>What measures a gateway.</summary>
    /// <param name="watched">The metrics that must not be lacking.</param>
    public static NatGateway GatewayOf(
        NatGatewaySettings gateway, IEnumerable<string> watched, Growth growth, TimeProvider time) => new(
        gateway.Counters, [.. gateway.Names.Select(one => new NatCounter(one.Metric, one.Name))], watched.ToHashSet(),
        growth, time);

    /// <summary>Counters begin to count when they are first read; what they counted while no agent ran is known then.
    /// </summary>
    /// <param name="record">Keeps the rows.</param>
    public async Task BeginAsync(Watch watch, Action<IReadOnlyList<StateRow>> record, CancellationToken cancel)
    {
        if (_gateway is not null)
        {
            await TryAsync(async () => Take(await _gateway.GrowthAsync(cancel), [], watch, record), cancel);
        }
    }

    /// <summary>Measures what is of the minute that just ended.</summary>
    /// <param name="record">Keeps the rows.</param>
    public Task MeasureAsync(Watch watch, Action<IReadOnlyList<StateRow>> record, CancellationToken cancel) =>
        TryAsync(() => MeasureAllAsync(watch, record, cancel), cancel);

    // Whatever goes wrong with it is no reason to ship nothing.
    async Task TryAsync(Func<Task> measure, CancellationToken cancel)
    {
        try
        {
            await measure();
            Volatile.Write(ref _trouble, null);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Volatile.Write(ref _trouble, $"cannot be measured: {e.Message}");
        }

        SayTroubles();
    }

    // Each once: whoever takes the rules of a firewall away may want to be unseen.
    void SayTroubles()
    {
        var now = Troubles;
        foreach (var (where, what) in now.Except(_said))
        {
            LogTrouble(where, what);
        }

        if (now.Count == 0 && _said.Count > 0)
        {
            LogOver();
        }

        _said = now;
    }

    async Task MeasureAllAsync(Watch watch, Action<IReadOnlyList<StateRow>> record, CancellationToken cancel)
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

        List<Measurement> all = [.. gateway, .. own];
        Volatile.Write(
            ref _latest,
            [.. _latest.Concat(all).GroupBy(one => one.Name, (_, some) => some.Last()).OrderBy(one => one.Name)]);
        watch.Take(all, published, rows => record([.. rows, .. growth.TakeRows()]));
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
        var lost = new Counter("gaps", (ulong)Math.Max(0, status.Gaps.LostBytes), "", Bits: 64);
        List<Measurement> health =
        [
            new(HostMetric.DeadLetters, "Count", minute, status.DeadLetters.Events),
            .. growth.Take(HostMetric.Lost, "Bytes", [lost], now)
        ];
        if (status.Configuration is not { IsBeingApplied: true })
        {
            health.Add(new(HostMetric.Lag, "Seconds", minute, LagOf(status, now)));
        }

        if (DiskFreeOf(status.StateFolder) is { } free)
        {
            health.Add(new(HostMetric.DiskFree, "Percent", minute, free));
        }

        return health;
    }

    // Of a reader that does not answer nobody knows what waits: what waited before still does.
    double LagOf(StatusReport status, DateTimeOffset now)
    {
        var known = status.Sources.SelectMany(source => source.Files).Select(file => file.BehindSeconds)
            .DefaultIfEmpty().Max();
        if (status.IsWhole)
        {
            _lag = (known, now);
        }

        return status.IsWhole ? known : Math.Max(known, _lag.Seconds + (now - _lag.At).TotalSeconds);
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

    [LoggerMessage(930, LogLevel.Warning, "Not measured: {Where}: {What}")]
    partial void LogTrouble(string where, string what);

    [LoggerMessage(931, LogLevel.Information, "All is measured again")]
    partial void LogOver();
}
