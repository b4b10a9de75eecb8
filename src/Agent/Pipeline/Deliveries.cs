using Agent.Aws;
using Agent.Upload;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>The ways to the service: one with the host's own credentials, and one for each role that an entry's events
/// are sent as. What they share is one endpoint, its time and its outages.</summary>
sealed class Deliveries : IDisposable
{
    // The service makes 50 log streams a second at most; more at once would only be throttled.
    const int MostCreations = 8;

    readonly List<SignedSender> _senders = [];
    readonly List<AssumedRole> _roles = [];
    readonly Dictionary<string, Sending> _byRole = [];

    /// <param name="died">Told of an error that nobody foresaw.</param>
    /// <param name="ends">Sending ends.</param>
    public Deliveries(
        Plan plan, ServiceTime serviceTime, TimeProvider time, ILoggerFactory logs, Action<Exception> died,
        CancellationToken ends)
    {
        var log = logs.CreateLogger("vigil.upload");
        var backoff = new Backoff(new Dice().Roll);
        var outage = new Outage(time);
        var news = new DeliveryLog(time, log);
        foreach (var role in plan.Entries.Select(entry => entry.Role).Distinct().DefaultIfEmpty())
        {
            var sender = NewSender(plan, role, serviceTime);
            var client = new LogsClient(sender);
            _byRole[KeyOf(role)] = new(
                client.PutAsync, new(HttpConnections.Most, time), new(HttpConnections.Most, time),
                new(client.CallAsync, new(MostCreations, time), log),
                new(client.CallAsync, backoff, time, log), news, backoff, outage, serviceTime,
                () => serviceTime.Known, died, ends);
        }
    }

    public Sending Of(EntryPlan entry) => _byRole[KeyOf(entry.Role)];

    /// <summary>Finds out the service's time, if it can be had within a while.</summary>
    public Task AskTimeAsync(TimeSpan patience, CancellationToken cancel) => _senders[0].AskTimeAsync(patience, cancel);

    public void Dispose()
    {
        _senders.ForEach(sender => sender.Dispose());
        _roles.ForEach(role => role.Dispose());
    }

    SignedSender NewSender(Plan plan, RoleToAssume? role, ServiceTime time)
    {
        var assumed = role is null
            ? null
            : new AssumedRole(role, StsCall.In(plan.Endpoint.Region, plan.Variant), time);
        var credentials = new CredentialSource(plan.Endpoint.IsLoopback, assumed, time);
        var sender = new SignedSender(plan.Endpoint, credentials, time, plan.Compresses);
        _senders.Add(sender);
        if (assumed is not null)
        {
            _roles.Add(assumed);
        }

        return sender;
    }

    static string KeyOf(RoleToAssume? role) => role?.Arn ?? "";
}
