using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudWatch.Wire;

namespace Agent.Aws;

/// <summary>The parameter store of Systems Manager, where a fleet's configurations may lie (API: SSM, version
/// 2014-11-06).</summary>
/// <param name="address">Where the service is.</param>
sealed class ParameterStore(Uri address, string region, CredentialSource credentials, TimeProvider time) : IDisposable
{
    const string Service = "ssm";
    const string TargetPrefix = "AmazonSSM.";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HttpClient _http = HttpConnections.New();

    /// <summary>The store of a region: where the environment says, else the region's own.</summary>
    /// <exception cref="HttpRequestException">The region has none.</exception>
    public static ParameterStore In(string region, EndpointVariant variant)
    {
        var address = ServiceEndpoint.SetFor("ssm") ?? ServiceEndpoint.AddressOf(Service, region, variant)
            ?? throw new HttpRequestException($"{region} is no region that has a parameter store");
        return new(address, region, new(address.IsLoopback), TimeProvider.System);
    }

    /// <summary>Keeps a text, in the place of the one that is there.</summary>
    /// <exception cref="ServiceException">The service refused.</exception>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    public async Task PutAsync(string name, string value, CancellationToken cancel) => await CallAsync(
        "PutParameter",
        new() { ["Name"] = name, ["Value"] = value, ["Type"] = "String", ["Overwrite"] = true },
        cancel);

    /// <summary>The text of a parameter, decrypted where it is a secret.</summary>
    /// <exception cref="ServiceException">The service refused, or knows no such parameter.</exception>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    public async Task<string> GetAsync(string name, CancellationToken cancel)
    {
        var answer = await CallAsync("GetParameter", new() { ["Name"] = name, ["WithDecryption"] = true }, cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.TryGetProperty("Parameter", out var parameter)
            && parameter.TryGetProperty("Value", out var value) && value.GetString() is { } text
            ? text
            : throw new ServiceException(answer, $"GetParameter: the answer has no value of {name}");
    }

    public void Dispose() => _http.Dispose();

    async Task<ServiceAnswer> CallAsync(string action, JsonObject request, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(request.ToJsonString());
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(LogsApi.ContentType);
        var key = await credentials.GetAsync();
        using var signed = RequestSigning.Sign(
            address, content, LogsApi.ContentType, Convert.ToHexStringLower(SHA256.HashData(body)), key,
            new(key.AccessKey, key.SecretKey, region, Service), time.GetUtcNow(), TargetPrefix + action);
        using var ending = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, cancel);
        try
        {
            using var response = await _http.SendAsync(signed, either.Token);
            var text = await response.Content.ReadAsByteArrayAsync(either.Token);
            var answer = new ServiceAnswer(response.StatusCode, text);
            return answer.IsSuccess ? answer : throw new ServiceException(answer, $"{action}: {answer.ErrorText()}");
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer from {address.Authority} in {Patience.TotalSeconds} s", e);
        }
    }
}
