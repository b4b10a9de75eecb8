using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;

namespace Agent.Aws;

/// <summary>A role to send log events as.</summary>
/// <param name="SessionName">What the service's records call who has assumed it.</param>
/// <param name="ExternalId">What the role's trust policy may ask for.</param>
sealed record RoleToAssume(string Arn, string SessionName, string? ExternalId);

/// <summary>The credentials of a role, asked of the region's own Security Token Service and renewed before they end
/// (API: STS AssumeRole). Any thread may call; they are asked for once however many do.</summary>
sealed class AssumedRole(RoleToAssume role, Uri sts, string region, TimeProvider time) : IDisposable
{
    const string Service = "sts";
    const string ContentType = "application/x-www-form-urlencoded";

    // An hour is what a role gives when nobody asks for more; its last minutes are for tries that fail.
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HttpClient _http = HttpConnections.New();
    readonly SemaphoreSlim _turn = new(1);
    Session? _session;

    sealed record Session(ImmutableCredentials Credentials, DateTimeOffset Ends);

    /// <summary>Where the service is: as the environment says, else where the region has it.</summary>
    public static Uri AddressIn(string region, EndpointVariant variant) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_STS"), UriKind.Absolute, out var set)
            ? set
            : ServiceEndpoint.AddressOf(Service, region, variant)
                ?? throw new HttpRequestException($"{region} is no region that a role can be assumed in");

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
        using var deadline = new CancellationTokenSource(Patience, time);
        try
        {
            using var request = await SignAsync(own);
            using var response = await _http.SendAsync(request, deadline.Token);
            var text = await response.Content.ReadAsStringAsync(deadline.Token);
            return response.IsSuccessStatusCode
                ? Read(text)
                : throw Fault(ErrorIn(text) ?? $"HTTP {(int)response.StatusCode}");
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
            throw Fault("the answer is none of the service's", e);
        }
    }

    async Task<HttpRequestMessage> SignAsync(ImmutableCredentials own)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("Action", "AssumeRole"),
            new("Version", "2011-06-15"),
            new("RoleArn", role.Arn),
            new("RoleSessionName", role.SessionName)
        ];
        if (role.ExternalId is { } external)
        {
            form.Add(new("ExternalId", external));
        }

        using var encoded = new FormUrlEncodedContent(form);
        var body = await encoded.ReadAsByteArrayAsync();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        return RequestSigning.Sign(
            sts, content, ContentType, Convert.ToHexStringLower(SHA256.HashData(body)), own,
            new(own.AccessKey, own.SecretKey, region, Service), time.GetUtcNow(), target: null);
    }

    static Session Read(string xml)
    {
        var credentials = XDocument.Parse(xml).Descendants().First(element => element.Name.LocalName == "Credentials");
        string Of(string name) => credentials.Elements().First(element => element.Name.LocalName == name).Value;
        return new(
            new(Of("AccessKeyId"), Of("SecretAccessKey"), Of("SessionToken")),
            DateTimeOffset.Parse(Of("Expiration"), CultureInfo.InvariantCulture));
    }

    static string? ErrorIn(string xml)
    {
        try
        {
            var error = XDocument.Parse(xml).Descendants().First(element => element.Name.LocalName == "Error");
            return string.Join(": ", error.Elements()
                .Where(element => element.Name.LocalName is "Code" or "Message").Select(element => element.Value));
        }
        catch (Exception e) when (e is XmlException or InvalidOperationException)
        {
            return null;
        }
    }

    HttpRequestException Fault(string what, Exception? inner = null) => new(
        $"the role {role.Arn} cannot be assumed: {what}. Its trust policy must name the host's own credentials, and "
        + "those must be allowed sts:AssumeRole", inner);
}
