using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml;
using CloudWatch.Wire;

namespace Agent.Aws;

/// <summary>Publishes metrics: in AWS JSON 1.0, and as forms to an endpoint that knows no JSON, as older ones do.
/// </summary>
/// <param name="compresses">Whether bodies are compressed.</param>
sealed class MetricsClient(
    ServiceEndpoint endpoint, CredentialSource credentials, ServiceTime time, bool compresses) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Of endpoints that know no JSON: one does not read the header that names the action, the other knows none.
    static readonly string[] NoJson = ["MissingAction", "InvalidAction", "UnknownOperationException"];

    // Nothing will change about these, however often they are sent.
    static readonly string[] Faulty =
    [
        "InvalidParameterValue", "InvalidParameterValueException", "MissingParameter",
        "MissingRequiredParameterException", "InvalidParameterCombination", "InvalidParameterCombinationException",
        "ValidationError", "ValidationException", "SerializationException", "InvalidFormat", TooLarge
    ];

    const string TooLarge = "HTTP 413";

    readonly HttpClient _http = HttpConnections.New();
    bool _knowsNoJson;

    /// <summary>Publishes.</summary>
    /// <exception cref="PublishException">It was not taken; the message is for people.</exception>
    public async Task PutAsync(PutMetricDataRequest request, CancellationToken cancel)
    {
        using var longest = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel, longest.Token);
        try
        {
            var fault = _knowsNoJson ? NoJson[0] : await PutJsonAsync(request, patience.Token);
            if (NoJson.Contains(fault))
            {
                fault = await PutFormAsync(request, patience.Token);
                _knowsNoJson = !NoJson.Contains(fault);
            }

            if (fault is not null)
            {
                // What is said of a faulty value quotes it, and it may be of a log line.
                var name = fault.Split(':')[0];
                var isForGood = Faulty.Contains(name);
                throw new PublishException(
                    $"{endpoint.Address.Authority} answered {(isForGood ? name : fault)}", isForGood);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or NotSupportedException)
        {
            throw new PublishException($"{endpoint.Address.Host}: {e.Message}", isForGood: false, e);
        }
        catch (XmlException e)
        {
            throw new PublishException(
                $"{endpoint.Address.Authority} takes metrics neither as JSON nor as forms ({e.Message}), and "
                + "is not CloudWatch, it seems", isForGood: false, e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new PublishException(
                $"{endpoint.Address.Authority} did not answer within {Patience.TotalSeconds} s", isForGood: false, e);
        }
    }

    public void Dispose() => _http.Dispose();

    // Returns what was wrong, beginning with the error's name; null for nothing.
    async Task<string?> PutJsonAsync(PutMetricDataRequest request, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, MetricsJson.Default.PutMetricDataRequest);
        using var packed = compresses ? GzipBody.TryPack([body]) : null;
        var sent = packed is null ? body : packed.Parts.SelectMany(part => part.ToArray()).ToArray();
        var content = new ByteArrayContent(sent);
        content.Headers.ContentType = new MediaTypeHeaderValue(MetricsApi.ContentType);
        if (packed is not null)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        var key = await credentials.GetAsync().WaitAsync(cancel);
        using var signed = RequestSigning.Sign(
            endpoint.Address, content, MetricsApi.ContentType, Convert.ToHexStringLower(SHA256.HashData(sent)), key,
            new(key.AccessKey, key.SecretKey, endpoint.Region, MetricsApi.Service), time.GetUtcNow(),
            MetricsApi.TargetPrefix + MetricsApi.PutMetricData);
        using var response = await _http.SendAsync(signed, cancel);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        LearnTime(response);
        var error = ServiceError.Read(await response.Content.ReadAsByteArrayAsync(cancel));
        return error.Type is { } type ? Named(type, error.Message)
            : response.StatusCode == HttpStatusCode.RequestEntityTooLarge ? TooLarge
            : response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound
                or HttpStatusCode.UnsupportedMediaType ? NoJson[0]
            : $"HTTP {(int)response.StatusCode}";
    }

    async Task<string?> PutFormAsync(PutMetricDataRequest request, CancellationToken cancel)
    {
        var call = new QueryCall(endpoint.Address, endpoint.Region, MetricsApi.Service, MetricsApi.Version);
        var key = await credentials.GetAsync().WaitAsync(cancel);
        var (isSuccess, answer) = await call.SendAsync(
            _http, key, time.GetUtcNow(), MetricsApi.PutMetricData, request.ToForm(), cancel);
        return isSuccess ? null
            : Named(answer["Code"].FirstOrDefault() ?? "an error without a code", answer["Message"].FirstOrDefault());
    }

    string Named(string type, string? message)
    {
        if (type == ErrorTypes.UnrecognizedClient || ErrorTypes.IsExpiredToken(type) || type == "InvalidClientTokenId")
        {
            credentials.Forget();
        }

        return NoJson.Contains(type) ? type : $"{type}: {message}";
    }

    // A host whose clock is wrong signs for a time that is over; the answer tells which it is.
    void LearnTime(HttpResponseMessage response)
    {
        if (response.Headers.Contains("x-amzn-RequestId") && response.Headers.Date is { } said)
        {
            time.Learn(said);
        }
    }
}

/// <summary>Metrics were not taken.</summary>
/// <param name="isForGood">Whether the request itself is at fault, so that it will never be taken.</param>
sealed class PublishException(string message, bool isForGood, Exception? inner = null) : Exception(message, inner)
{
    public bool IsForGood => isForGood;
}
