using System.Text;
using System.Xml;
using Agent.Aws;
using Agent.Events;
using Agent.Pipeline;
using Amazon.Runtime;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Commands;

/// <summary>What the service says: the time, who asks, and whether it would take log events.</summary>
sealed class DoctorService(Plan plan) : IDisposable
{
    const string Clock = "clock";

    // Older than the service takes: it judges the request as any other, and stores nothing.
    static readonly TimeSpan TooOld = TimeSpan.FromDays(30);
    static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly HttpClient _http = HttpConnections.New();
    readonly ServiceTime _time = new(TimeProvider.System, NullLogger.Instance);
    readonly List<IDisposable> _owned = [];

    public async IAsyncEnumerable<Diagnosis> LookAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var answered = await TimeAsync(cancel);
        yield return answered;
        if (!answered.IsGood && answered.Subject != Clock)
        {
            yield break; // whatever else is asked, the same would answer
        }

        foreach (var role in plan.Entries.Select(entry => entry.Role).Distinct().ToList())
        {
            var source = SourceOf(role);
            var (key, said) = await CredentialsAsync(source, role, cancel);
            yield return said;
            if (key is null)
            {
                continue;
            }

            using var sender = new SignedSender(plan.Endpoint, source, _time, plan.Compresses);
            var client = new LogsClient(sender);
            foreach (var (group, stream) in plan.Entries.Where(entry => entry.Role == role)
                .Select(entry => (entry.Group, entry.Stream)).Distinct())
            {
                yield return await PutAsync(client, new(Plain(group), Plain(stream), null, null), cancel);
            }
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _owned.ForEach(one => one.Dispose());
    }

    CredentialSource SourceOf(RoleToAssume? role)
    {
        if (role is null)
        {
            return new(plan.Endpoint.IsLoopback);
        }

        var assumed = new AssumedRole(role, QueryCall.Sts(plan.Endpoint.Region, plan.Variant), _time);
        _owned.Add(assumed);
        return new(plan.Endpoint.IsLoopback, assumed);
    }

    async Task<Diagnosis> TimeAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.GetAsync(plan.Endpoint.Address, cancel).WaitAsync(Patience, cancel);
            if (answer.StatusCode == System.Net.HttpStatusCode.ProxyAuthenticationRequired)
            {
                return new(
                    "proxy", "it asks for a user and a password (HTTP 407)",
                    "set HTTPS_PROXY=http://user:password@host:port, or https_proxy in common-config.toml");
            }

            if (answer.Headers.Date is not { } said || !answer.Headers.Contains("x-amzn-RequestId"))
            {
                return new(
                    "service", $"what answers at {plan.Endpoint.Address} is not CloudWatch Logs (HTTP "
                    + $"{(int)answer.StatusCode}, {answer.Content.Headers.ContentType?.MediaType ?? "no type"})",
                    "look at endpoint_override, and whether a proxy or a login page answers in the service's place");
            }

            _time.Learn(said);
            var off = TimeProvider.System.GetUtcNow() - said;
            return off.Duration() <= ClockTolerance
                ? new(Clock, "agrees with the service's")
                : new(
                    Clock, $"{(long)off.Duration().TotalSeconds} s {(off > TimeSpan.Zero ? "fast" : "slow")} by the "
                    + "service's",
                    "set it: let chrony or systemd-timesyncd run. The agent uses the service's time meanwhile");
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return new(
                "service", $"does not answer: {e.Message}", e.Message.Contains("407", StringComparison.Ordinal)
                    ? "the proxy asks for a user and a password: set HTTPS_PROXY=http://user:password@host:port"
                    : "look at the steps before, and at the proxy if there is one");
        }
    }

    async Task<(ImmutableCredentials? Key, Diagnosis Said)> CredentialsAsync(
        CredentialSource source, RoleToAssume? role, CancellationToken cancel)
    {
        var subject = role is null ? "credentials" : "role";
        try
        {
            var key = await source.GetAsync().WaitAsync(TimeSpan.FromSeconds(30), cancel);
            return (key, new(subject, await WhoAsync(key, cancel)));
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return (null, new(
                subject, e.InnerException is { } why ? $"{e.Message}: {why.Message}" : e.Message, role is null
                    ? "attach an instance role, or set AWS_PROFILE or AWS_ACCESS_KEY_ID; where there is a role, let "
                        + "IMDS answer (http-tokens and hop limit of the instance)"
                    : "mend the role's trust policy, or take role_arn away"));
        }
    }

    async Task<string> WhoAsync(ImmutableCredentials key, CancellationToken cancel)
    {
        var shown = $"{key.AccessKey[..Math.Min(4, key.AccessKey.Length)]}…";
        if (plan.Endpoint.IsLoopback && Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_STS") is null or "")
        {
            return $"key {shown}; a service on this machine takes any";
        }

        try
        {
            var (isSuccess, answer) = await QueryCall.Sts(plan.Endpoint.Region, plan.Variant)
                .SendAsync(_http, key, _time.GetUtcNow(), "GetCallerIdentity", [], cancel).WaitAsync(Patience, cancel);
            return isSuccess
                ? $"{answer["Arn"].FirstOrDefault()} (key {shown})"
                : $"key {shown}; who that is cannot be told: {answer["Code"].FirstOrDefault()}";
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or XmlException)
        {
            return $"key {shown}; who that is cannot be told: the Security Token Service does not answer";
        }
    }

    async Task<Diagnosis> PutAsync(LogsClient client, LogTarget target, CancellationToken cancel)
    {
        var subject = $"PutLogEvents {target}";
        var stamp = (_time.GetUtcNow() - TooOld).ToUnixTimeMilliseconds();
        var body = Encoding.UTF8.GetBytes($$"""{"timestamp":{{stamp}},"message":"vigil doctor"}""");
        try
        {
            var answer = await client.PutAsync(target, [body], hasMetrics: false, cancel);
            return answer.IsSuccess ? new(subject, "allowed")
                : answer.ReadError().Type switch
                {
                    ErrorTypes.ResourceNotFound => new(subject, "allowed; it is made when it is needed"),
                    ErrorTypes.AccessDenied => new(
                        subject, answer.ErrorText(),
                        "allow it: 'vigil iam-policy' prints the policy that this configuration needs"),
                    ErrorTypes.UnrecognizedClient or ErrorTypes.InvalidSignature or ErrorTypes.ExpiredToken => new(
                        subject, answer.ErrorText(),
                        "the service does not know these credentials, or not any more: look where they come from, at "
                        + "AWS_SECRET_ACCESS_KEY, and at the region"),
                    _ => new(subject, answer.ErrorText(), "mend what the service says")
                };
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return new(subject, e.Message, "look at the steps before");
        }
    }

    // What only the running agent knows is no part of what may be asked for here.
    static string Plain(string name) => NameTemplate.NeedsFacts(name) ? "vigil-doctor" : name;
}
