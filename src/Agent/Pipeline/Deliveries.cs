using Agent.Aws;
using Agent.Events;
using Agent.Upload;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>The ways to the service: one with the host's own credentials, and one for each role that an entry's events
/// are sent as. What they share is one endpoint, its time and its outages.</summary>
sealed class Deliveries : IDisposable
{
    // The service makes 50 log streams a second at most; more at once would only be throttled.
    const int MostCreations = 8;

    readonly Plan _plan;
    readonly ServiceTime _serviceTime;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly Action<Exception> _died;
    readonly CancellationToken _ends;
    readonly Backoff _backoff = new(new Dice().Roll);
    readonly Outage _outage;
    readonly DeliveryLog _news;
    readonly Lock _lock = new();
    readonly List<SignedSender> _senders = [];
    readonly List<AssumedRole> _roles = [];
    readonly Dictionary<string, Sending> _byRole = [];
    readonly Dictionary<string, CredentialSource> _credentials = [];

    /// <param name="died">Told of an error that nobody foresaw.</param>
    /// <param name="ends">Sending ends.</param>
    public Deliveries(
        Plan plan, ServiceTime serviceTime, TimeProvider time, ILoggerFactory logs, Action<Exception> died,
        CancellationToken ends)
    {
        _plan = plan;
        _serviceTime = serviceTime;
        _time = time;
        _log = logs.CreateLogger("vigil.upload");
        _died = died;
        _ends = ends;
        _outage = new(time);
        _news = new(time, _log);
        Of(plan.Entries.Select(entry => entry.Role).FirstOrDefault());
    }

    /// <summary>The way of an entry's events. Any thread may ask.</summary>
    public Sending Of(EntryPlan entry) => Of(entry.Role);

    /// <summary>How it goes on each way. Any thread may ask.</summary>
    public IReadOnlyList<SenderStatus> Statuses
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _byRole.Select(way => way.Value.Turns.Status with
                    {
                        Role = way.Key.Length == 0 ? null : way.Key.Split('\n')[0],
                        Credentials = _credentials[way.Key].Status
                    })
                ];
            }
        }
    }

    /// <summary>Finds out the service's time, if it can be had within a while.</summary>
    public Task AskTimeAsync(TimeSpan patience, CancellationToken cancel) => _senders[0].AskTimeAsync(patience, cancel);

    public void Dispose()
    {
        _senders.ForEach(sender => sender.Dispose());
        _roles.ForEach(role => role.Dispose());
    }

    Sending Of(RoleToAssume? role)
    {
        lock (_lock)
        {
            if (!_byRole.TryGetValue(KeyOf(role), out var sending))
            {
                _byRole[KeyOf(role)] = sending = NewSending(role);
            }

            return sending;
        }
    }

    Sending NewSending(RoleToAssume? role)
    {
        var client = new LogsClient(NewSender(_plan, role, _serviceTime));
        return new(
            client.PutAsync, new(HttpConnections.Most, _time), new(HttpConnections.Most, _time),
            new(client.CallAsync, new(MostCreations, _time), _log), new(client.CallAsync, _backoff, _time, _log),
            _news, _backoff, _outage, _serviceTime, () => _serviceTime.Known, _died, _ends);
    }

    SignedSender NewSender(Plan plan, RoleToAssume? role, ServiceTime time)
    {
        var assumed = role is null
            ? null
            : new AssumedRole(role, StsCall.In(plan.Endpoint.Region, plan.Variant), time);
        var credentials = new CredentialSource(plan.Endpoint.IsLoopback, assumed, time);
        _credentials[KeyOf(role)] = credentials;
        var sender = new SignedSender(plan.Endpoint, credentials, time, plan.Compresses);
        _senders.Add(sender);
        if (assumed is not null)
        {
            _roles.Add(assumed);
        }

        return sender;
    }

    static string KeyOf(RoleToAssume? role) =>
        role is null ? "" : string.Join('\n', role.Arn, role.SessionName, role.ExternalId);
}
