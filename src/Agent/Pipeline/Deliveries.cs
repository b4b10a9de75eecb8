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

    // Where there is nobody to ask it takes seconds.
    static readonly TimeSpan CredentialPatience = TimeSpan.FromMilliseconds(200);

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
    readonly List<Way> _ways = [];

    sealed record Way(RoleToAssume? Role, Sending Sending, CredentialSource Credentials);

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
                    .. _ways.Select(way => way.Sending.Turns.Status with
                    {
                        Role = way.Role?.Arn,
                        Credentials = way.Credentials.Status
                    })
                ];
            }
        }
    }

    /// <summary>Finds out the service's time and with whose credentials to sign, if they can be had within a while. So
    /// the first batch need not wait for them, and what it takes to find them is used before reading begins.</summary>
    /// <param name="patience">How long to wait for the time.</param>
    public async Task PrepareAsync(TimeSpan patience, CancellationToken cancel)
    {
        // A task of its own: the SDK asks an instance while the caller waits.
        var credentials = _ways[0].Credentials;
        var finding = Task.Run(() => FindAsync(credentials), CancellationToken.None);
        var patient = Task.WhenAny(finding, Task.Delay(CredentialPatience, _time, cancel));
        await _senders[0].AskTimeAsync(patience, cancel);
        await patient;
    }

    public void Dispose()
    {
        _senders.ForEach(sender => sender.Dispose());
        _roles.ForEach(role => role.Dispose());
    }

    static async Task FindAsync(CredentialSource credentials)
    {
        try
        {
            await credentials.GetAsync();
        }
        catch (HttpRequestException)
        {
            return; // who sends asks again, and says so
        }
    }

    Sending Of(RoleToAssume? role)
    {
        lock (_lock)
        {
            var way = _ways.Find(way => way.Role == role);
            if (way is null)
            {
                _ways.Add(way = NewWay(role));
            }

            return way.Sending;
        }
    }

    Way NewWay(RoleToAssume? role)
    {
        var assumed = role is null
            ? null
            : new AssumedRole(role, QueryCall.Sts(_plan.Endpoint.Region, _plan.Variant), _serviceTime);
        var credentials = new CredentialSource(_plan.Endpoint.IsLoopback, assumed, _serviceTime);
        var sender = new SignedSender(_plan.Endpoint, credentials, _serviceTime, _plan.Compresses);
        _senders.Add(sender);
        if (assumed is not null)
        {
            _roles.Add(assumed);
        }

        var client = new LogsClient(sender);
        var settings = new GroupSettings(client.CallAsync, _backoff, _time, _log);
        var sending = new Sending(
            client.PutAsync, new(HttpConnections.Most, _time), new(HttpConnections.Most, _time),
            new(client.CallAsync, new(MostCreations, _time), _log) { GroupMade = settings.NoteMade }, settings,
            _news, _backoff, _outage, _serviceTime, () => _serviceTime.Known, _died, _ends);
        return new(role, sending, credentials);
    }
}
