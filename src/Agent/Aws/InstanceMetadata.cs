using System.Net;

namespace Agent.Aws;

/// <summary>The instance metadata service, version 2 (EC2 user guide, "Use the Instance Metadata Service"): a session
/// token first, then what is asked for. The SDK's client falls back to version 1 and stays there, which an instance
/// that allows only version 2 never answers; this one does not.</summary>
sealed class InstanceMetadata : IDisposable
{
    const string DefaultEndpoint = "http://169.254.169.254";
    const string TokenHeader = "X-aws-ec2-metadata-token";
    const string TokenLifeHeader = "X-aws-ec2-metadata-token-ttl-seconds";
    const string TokenLifeSeconds = "60"; // all is asked at once

    // It answers in a millisecond or not at all: a hop limit of 1 makes packets vanish.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Patience })
    {
        BaseAddress = new(EndpointSetting() ?? DefaultEndpoint),
        Timeout = Patience
    };

    /// <summary>Whether somebody says where it is, or that it must not be asked.</summary>
    public static bool IsNamed => EndpointSetting() is not null;

    public static bool IsDisabled =>
        bool.TryParse(Environment.GetEnvironmentVariable("AWS_EC2_METADATA_DISABLED"), out var isSo) && isSo;

    /// <summary>Begins a session; null where nobody answers.</summary>
    public async Task<string?> TryBeginAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/latest/api/token");
        request.Headers.Add(TokenLifeHeader, TokenLifeSeconds);
        return await TrySendAsync(request, cancel);
    }

    /// <summary>The text at a path; null where there is none.</summary>
    public async Task<string?> TryGetAsync(string path, string token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);

        // What answers in the service's place may send anything: it is refused there, if it is no token.
        request.Headers.TryAddWithoutValidation(TokenHeader, token.ReplaceLineEndings(" "));
        return await TrySendAsync(request, cancel);
    }

    public void Dispose() => _http.Dispose();

    async Task<string?> TrySendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(cancel) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or FormatException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    static string? EndpointSetting() =>
        Environment.GetEnvironmentVariable("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { Length: > 0 } endpoint
        && Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? endpoint
            : null;
}
