using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Agent.Aws;
using Agent.Config.Model;
using Agent.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Commands;

/// <summary>What watching this host needs: files that are watched, counters of a gateway, whoever is told, and what
/// takes metrics.</summary>
static class DoctorWatch
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Older than the service takes: it judges the request as any other, and stores nothing.
    static readonly TimeSpan TooOld = TimeSpan.FromDays(30);

    public static async IAsyncEnumerable<Diagnosis> LookAsync(
        Plan plan, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (plan.Watch is not { } watch)
        {
            yield break;
        }

        var shipped = plan.Entries.Select(entry => entry.Files.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var diagnosis in watch.Watched.Where(one => !shipped.Contains(one.Files.Files.Text))
            .SelectMany(one => DoctorFiles.FilesOf(one.Files)))
        {
            yield return diagnosis;
        }

        if (watch.Configured.NatGateway is { } gateway)
        {
            yield return await CountAsync(watch, gateway, cancel);
        }

        foreach (var channel in watch.Configured.Notifications)
        {
            yield return Secret(channel) ?? await ReachAsync(channel, cancel);
        }

        foreach (var space in watch.Namespaces)
        {
            yield return await PublishAsync(watch, space, cancel);
        }
    }

    static async Task<Diagnosis> CountAsync(
        WatchPlan watch, NatGatewaySettings settings, CancellationToken cancel)
    {
        var watched = watch.OfHost.Select(one => one.Measured!);
        var gateway = Measuring.GatewayOf(settings, watched, new([]), TimeProvider.System);
        await gateway.MeasureAsync(cancel);
        return gateway.Troubles.Count == 0
            ? new("nat_gateway", $"{settings.Id} is counted by {settings.Counters}")
            : new(
                "nat_gateway", string.Join("; ", gateway.Troubles),
                "docs/NAT.md has a set-up for each way of counting");
    }

    static Diagnosis? Secret(NotificationSettings channel)
    {
        var path = channel.PasswordFile ?? channel.SecretFile;
        try
        {
            return path is null || File.ReadAllText(path).Trim().Length > 0 ? null : new(
                Name(channel), $"{path} is empty", "write the secret into it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(Name(channel), e.Message, $"write the secret into {path}, readable by the agent's user only");
        }
    }

    static async Task<Diagnosis> ReachAsync(NotificationSettings channel, CancellationToken cancel)
    {
        var (host, port) = channel.Type switch
        {
            "smtp" => (channel.Host!, WatchPlan.PortOf(channel)),
            "webhook" => (channel.Url!.IdnHost, channel.Url.Port),
            _ => ("", 0)
        };
        if (port == 0)
        {
            return new(Name(channel), channel.TopicArn ?? "the agent's own log");
        }

        try
        {
            // Posts go through the proxy, as all that is HTTP.
            var proxy = channel.Url is { } url ? HttpClient.DefaultProxy.GetProxy(url) : null;
            (host, port) = proxy is null ? (host, port) : (proxy.IdnHost, proxy.Port);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, port, cancel).AsTask().WaitAsync(Patience, cancel);
            return new(Name(channel), $"{host} port {port} is open");
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return new(
                Name(channel), $"{host} port {port} cannot be reached: {e.Message}",
                "look at the host and port in vigil.notifications, and let this host out to it");
        }
    }

    static async Task<Diagnosis> PublishAsync(WatchPlan watch, string space, CancellationToken cancel)
    {
        var subject = $"metrics of {space}";
        if (watch.Metrics is not { } endpoint)
        {
            return new(subject, "no region is known to publish in", "set agent.region, or "
                + "vigil.metrics.endpoint_override");
        }

        var time = new ServiceTime(TimeProvider.System, NullLogger.Instance);
        using var client = new MetricsClient(endpoint, new(endpoint.IsLoopback), time, compresses: false);
        try
        {
            await client.PutAsync(
                new()
                {
                    Namespace = space,
                    MetricData =
                    [
                        new()
                        {
                            MetricName = "Heartbeat",
                            Timestamp = (time.GetUtcNow() - TooOld).ToUnixTimeSeconds(),
                            Values = [0],
                            Counts = [1]
                        }
                    ]
                },
                cancel);
            return new(subject, $"{endpoint.Address.Authority} takes them");
        }
        catch (PublishException e)
        {
            return e.IsForGood ? new(subject, $"{endpoint.Address.Authority} takes them") : new(
                subject, e.Message,
                e.Message.Contains("AccessDenied", StringComparison.Ordinal)
                    ? "'vigil iam-policy' prints what must be allowed"
                    : "let the host out to it, or name another place in vigil.metrics.endpoint_override ('vigil local' "
                        + "takes log events only)");
        }
    }

    static string Name(NotificationSettings channel) => $"notification {channel.Name}";
}
