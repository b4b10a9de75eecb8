using System.Collections.Concurrent;
using Agent.Aws;
using Agent.Detect;
using Agent.Events;
using CloudWatch;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Publishes what waits of metrics, a little after each minute, and again until it is taken. Log events never
/// wait for it.</summary>
/// <param name="record">Keeps what was published from being published again.</param>
/// <param name="roll">A number from 0 to 1, so that many hosts do not publish at one time.</param>
sealed partial class Publishing(
    Watch watch, MetricsClient client, Action<IReadOnlyList<StateRow>> record, Func<double> roll, TimeProvider time,
    ILogger log)
{
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Spread = TimeSpan.FromSeconds(8);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Of a datum beside its values, and of each of those, in either form.
    const int DatumBytes = 400;
    const int ValueBytes = 120;

    const int MostNeverTaken = 1000;

    readonly ILogger _log = log;
    // By what names each.
    readonly ConcurrentDictionary<string, string> _neverTaken = [];
    string? _trouble;

    /// <summary>Why nothing is taken at present; null while it is.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>What the service will not take, whenever it comes again: a metric each, with the reason.</summary>
    public IEnumerable<string> NeverTaken =>
        _neverTaken.Select(one => $"{one.Key} is not taken and given up: {one.Value}");

    /// <summary>Publishes until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var wait = FirstWait;
            while (true)
            {
                var isTaken = Trouble is null;
                await Task.Delay(
                    isTaken ? UntilNextMinute() : wait * (0.5 + (roll() / 2)), time, stopping);
                wait = isTaken ? FirstWait : wait * 2 < Minute ? wait * 2 : Minute;
                await PublishAllAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was not published is published after the next start.
        }
    }

    TimeSpan UntilNextMinute()
    {
        var now = time.GetUtcNow();
        var struck = new DateTimeOffset(now.Ticks / Minute.Ticks * Minute.Ticks, TimeSpan.Zero) + Minute;
        return struck - now + TimeSpan.FromSeconds(1) + (Spread * roll());
    }

    // A namespace in which nothing is taken keeps no other from being published.
    async Task PublishAllAsync(CancellationToken stopping)
    {
        SayGivenUp();
        string? trouble = null;
        foreach (var space in watch.TakeToPublish().GroupBy(one => one.Datum.Metric.Namespace).ToList())
        {
            try
            {
                foreach (var request in InRequests(space))
                {
                    await PublishAsync(request, stopping);
                }
            }
            catch (PublishException e)
            {
                trouble = e.Message;
            }
        }

        Say(trouble);
    }

    // What was said is not said again until it is over.
    void Say(string? trouble)
    {
        if (trouble is not null && Trouble is null)
        {
            LogRefused(trouble);
        }
        else if (trouble is null && Trouble is not null)
        {
            LogTaken();
        }

        Volatile.Write(ref _trouble, trouble);
    }

    void SayGivenUp()
    {
        var (tooMany, tooOld) = watch.GiveUpToPublish();
        if (tooMany > 0)
        {
            LogGivenUp(tooMany, Outbox.Most);
        }

        if (tooOld > 0)
        {
            LogTooOld(tooOld);
        }
    }

    async Task PublishAsync(IReadOnlyList<(long Id, Datum Datum)> data, CancellationToken stopping)
    {
        try
        {
            await client.PutAsync(RequestOf(data), stopping);
            data.ToList().ForEach(one => _neverTaken.TryRemove(NameOf(one.Datum.Metric), out _));
            watch.NotePublished(data.Select(one => one.Id), record);
        }
        catch (PublishException e) when (e.IsForGood)
        {
            await PublishPartsAsync(data, e, stopping);
        }
    }

    // One that the service never takes does not keep the others from it.
    async Task PublishPartsAsync(
        IReadOnlyList<(long Id, Datum Datum)> data, PublishException why, CancellationToken stopping)
    {
        if (data is [var (id, datum)])
        {
            if (_neverTaken.Count < MostNeverTaken && _neverTaken.TryAdd(NameOf(datum.Metric), why.Message))
            {
                LogNeverTaken(datum.Metric.Namespace, datum.Metric.Name, why.Message);
            }

            watch.NotePublished([id], record);
            return;
        }

        var half = data.Count / 2;
        await PublishAsync([.. data.Take(half)], stopping);
        await PublishAsync([.. data.Skip(half)], stopping);
    }

    static string NameOf(MetricIdentity metric) => string.Join(
        ' ', [metric.Namespace, metric.Name, .. metric.Dimensions.Select(one => $"{one.Key}={one.Value}")]);

    static IEnumerable<IReadOnlyList<(long Id, Datum Datum)>> InRequests(IEnumerable<(long Id, Datum Datum)> data)
    {
        var (request, parts, bytes) = (new List<(long, Datum)>(), 0, 0);
        foreach (var one in data)
        {
            var (ownParts, ownBytes) = SizeOf(one.Datum);
            if (request.Count > 0 && (parts + ownParts > Limits.Datums || bytes + ownBytes > Limits.MetricDataBytes))
            {
                yield return request;
                (request, parts, bytes) = ([], 0, 0);
            }

            request.Add(one);
            (parts, bytes) = (parts + ownParts, bytes + ownBytes);
        }

        if (request.Count > 0)
        {
            yield return request;
        }
    }

    static (int Parts, int Bytes) SizeOf(Datum datum)
    {
        var values = datum.Observed.Values.Count();
        var parts = Math.Max(1, (values + Limits.DatumValues - 1) / Limits.DatumValues);
        var names = datum.Metric.Dimensions.Sum(one => DatumBytes + (3 * (one.Key.Length + one.Value.Length)));
        return (parts, (parts * (DatumBytes + names + (3 * datum.Metric.Name.Length))) + (values * ValueBytes));
    }

    static PutMetricDataRequest RequestOf(IReadOnlyList<(long Id, Datum Datum)> data) => new()
    {
        Namespace = data[0].Datum.Metric.Namespace,
        MetricData = [.. data.SelectMany(one => PartsOf(one.Datum))]
    };

    static IEnumerable<MetricDatum> PartsOf(Datum datum) =>
        datum.Observed.Values.Chunk(Limits.DatumValues).Select(values => new MetricDatum
        {
            MetricName = datum.Metric.Name,
            Dimensions =
            [
                .. datum.Metric.Dimensions.Select(one => new MetricDimension { Name = one.Key, Value = one.Value })
            ],
            Timestamp = datum.Minute,
            Values = [.. values.Select(one => one.Key)],
            Counts = [.. values.Select(one => one.Value)],
            Unit = datum.Metric.Unit
        });

    [LoggerMessage(920, LogLevel.Warning,
        "Metrics are not taken: {Fault}. They are kept, and it is tried again; log events are shipped meanwhile")]
    partial void LogRefused(string fault);

    [LoggerMessage(924, LogLevel.Information, "Metrics are taken again")]
    partial void LogTaken();

    [LoggerMessage(921, LogLevel.Error,
        "The metric {Namespace} {Name} is not taken and given up, for this minute and whenever it comes again: "
        + "{Fault}. Look at its names, values and dimensions")]
    partial void LogNeverTaken(string @namespace, string name, string fault);

    [LoggerMessage(922, LogLevel.Warning,
        "{Count} metric data are given up: more than {Most} waited to be published")]
    partial void LogGivenUp(int count, int most);

    [LoggerMessage(923, LogLevel.Warning,
        "{Count} metric data are given up: they are two weeks old, and the service takes none that are older")]
    partial void LogTooOld(int count);
}
