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
sealed class AssumedRole(RoleToAssume role, QueryCall sts, TimeProvider time) : IDisposable
{
    // An hour is what a role gives when nobody asks for more; its last minutes are for tries that fail.
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A service that does not answer is not asked by every request: each would wait for it.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    readonly HttpClient _http = HttpConnections.New();
    readonly SemaphoreSlim _turn = new(1);
    Session? _session;
    HttpRequestException? _fault; // of the last try, should it have failed
    long _failed;

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
            return await CurrentAsync(own);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>When the credentials end that it gave last; null while it gave none.</summary>
    public DateTimeOffset? Ends => _session?.Ends;

    /// <summary>The service says they are not good any more.</summary>
    public void Forget() => _session = null;

    // What is still good goes on being used while it cannot be renewed.
    async Task<ImmutableCredentials> CurrentAsync(ImmutableCredentials own)
    {
        var now = time.GetUtcNow();
        if (_session is { } kept && kept.Ends - now > Margin)
        {
            return kept.Credentials;
        }

        if (_fault is null || time.GetElapsedTime(_failed) >= Pause)
        {
            try
            {
                (_session, _fault) = (await AskAsync(own), null);
                return _session.Credentials;
            }
            catch (HttpRequestException e)
            {
                (_fault, _failed) = (e, time.GetTimestamp());
            }
        }

        return _session is { } ending && ending.Ends > now ? ending.Credentials
            : throw new HttpRequestException(HttpRequestError.UserAuthenticationError, _fault.Message, _fault);
    }

    public void Dispose() => _http.Dispose();

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
