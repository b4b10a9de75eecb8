using System.Globalization;
using System.Xml;
using Amazon.Runtime;

namespace Agent.Aws;

/// <summary>A role to send log events as.</summary>
/// <param name="SessionName">What the service's records call who has assumed it.</param>
/// <param name="ExternalId">What the role's trust policy may ask for.</param>
sealed record RoleToAssume(string Arn, string SessionName, string? ExternalId);

/// <summary>The credentials of a role, asked of the region's own Security Token Service and renewed before they end
/// (API: STS AssumeRole). Any thread may call; they are asked for once however many do.</summary>
sealed class AssumedRole(RoleToAssume role, StsCall sts, TimeProvider time) : IDisposable
{
    // An hour is what a role gives when nobody asks for more; its last minutes are for tries that fail.
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HttpClient _http = HttpConnections.New();
    readonly SemaphoreSlim _turn = new(1);
    Session? _session;

    sealed record Session(ImmutableCredentials Credentials, DateTimeOffset Ends);

    /// <param name="own">Whose right it is to assume the role.</param>
    /// <exception cref="HttpRequestException">It cannot be assumed now.</exception>
    public async Task<ImmutableCredentials> GetAsync(ImmutableCredentials own)
    {
        if (_session is { } kept && kept.Ends - time.GetUtcNow() > Margin)
        {
            return kept.Credentials;
        }

        await _turn.WaitAsync();
        try
        {
            if (_session is not { } session || session.Ends - time.GetUtcNow() <= Margin)
            {
                _session = await RenewAsync(own);
            }

            return _session.Credentials;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The service says they are not good any more.</summary>
    public void Forget() => _session = null;

    public void Dispose() => _http.Dispose();

    // What is still good goes on being used while it cannot be renewed.
    async Task<Session> RenewAsync(ImmutableCredentials own)
    {
        try
        {
            return await AskAsync(own);
        }
        catch (HttpRequestException) when (_session is { } kept && kept.Ends > time.GetUtcNow())
        {
            return kept;
        }
    }

    async Task<Session> AskAsync(ImmutableCredentials own)
    {
        List<KeyValuePair<string, string>> parameters =
            [new("RoleArn", role.Arn), new("RoleSessionName", role.SessionName)];
        if (role.ExternalId is { } external)
        {
            parameters.Add(new("ExternalId", external));
        }

        using var deadline = new CancellationTokenSource(Patience, time);
        try
        {
            var (isSuccess, answer) = await sts.SendAsync(
                _http, own, time.GetUtcNow(), "AssumeRole", parameters, deadline.Token);
            return isSuccess
                ? SessionIn(answer)
                : throw Fault($"{answer["Code"].FirstOrDefault()}: {answer["Message"].FirstOrDefault()}");
        }
        catch (OperationCanceledException e)
        {
            throw Fault($"no answer in {Patience.TotalSeconds} s", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError != HttpRequestError.Unknown)
        {
            throw Fault(e.Message, e);
        }
        catch (Exception e) when (e is XmlException or FormatException or InvalidOperationException)
        {
            throw Fault($"the answer is none of the service's ({e.Message})", e);
        }
    }

    static Session SessionIn(ILookup<string, string> answer) => new(
        new(answer["AccessKeyId"].First(), answer["SecretAccessKey"].First(), answer["SessionToken"].First()),
        DateTimeOffset.Parse(answer["Expiration"].First(), CultureInfo.InvariantCulture));

    HttpRequestException Fault(string what, Exception? inner = null) => new(
        $"the role {role.Arn} cannot be assumed: {what}. Its trust policy must name the host's own credentials, and "
        + "those must be allowed sts:AssumeRole", inner);
}
