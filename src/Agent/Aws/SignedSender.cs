using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using CloudWatch.Signing;
using CloudWatch.Wire;

namespace Agent.Aws;

/// <summary>Sends requests to CloudWatch Logs: every call of the agent and of the commands goes through here.</summary>
/// <param name="compresses">Whether batches are compressed; null where the endpoint is not on this machine.</param>
sealed class SignedSender(
    ServiceEndpoint endpoint, CredentialSource credentials, ServiceTime time, bool? compresses = null) : IDisposable
{
    static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    readonly HttpMessageInvoker _http = HttpConnections.NewInvoker();

    // A request that waits for a connection is not asked yet: its time to be answered must not run, nor its signature
    // grow old. Ten thousand files that are found at once would else be given up, and sent twice, by a service that
    // takes a minute for them.
    readonly SemaphoreSlim _turns = new(HttpConnections.Most);

    // Not there while it is used: one that failed half way would have another body's bytes in it.
    [ThreadStatic]
    static IncrementalHash? _hash;

    KeptSigner? _signer;

    /// <summary>Calls an action.</summary>
    /// <param name="parts">The body, in pieces; free again when the task has ended, however it ends.</param>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public Task<ServiceAnswer> SendAsync(
        string action, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancel) =>
        SendAsync(action, parts, format: null, cancel);

    /// <summary>The same, with what the log events are.</summary>
    /// <param name="format">The value of <see cref="LogsApi.FormatHeader"/>; null for none.</param>
    public async Task<ServiceAnswer> SendAsync(
        string action, IReadOnlyList<ReadOnlyMemory<byte>> parts, string? format, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
            using var packed = Compresses(action) ? GzipBody.TryPack(parts) : null;
            var content = packed?.Parts ?? parts;
            var call = new Call(action, content, packed is not null, format);
            var (answer, wasOffTime) = await SendOnceAsync(call, cancel);
            return wasOffTime && !answer.IsSuccess && ErrorTypes.IsOfTheClock(answer.ReadError().Type)
                ? (await SendOnceAsync(call, cancel)).Answer
                : answer;
        }
        finally
        {
            _turns.Release();
        }
    }

    bool Compresses(string action) => action == LogsApi.PutLogEvents && (compresses ?? !endpoint.IsLoopback);

    /// <summary>Asks for nothing but the service's time, unsigned, so that a host whose clock is wrong knows it before
    /// it stamps a line.</summary>
    /// <param name="patience">How long to wait for it.</param>
    public async Task AskTimeAsync(TimeSpan patience, CancellationToken cancel)
    {
        using var ending = new CancellationTokenSource(patience, time);
        using var _ = EndWith(ending, cancel);
        try
        {
            // Any answer tells it, that to a question nobody asks, too.
            using var question = new HttpRequestMessage(HttpMethod.Get, endpoint.Address);
            using var answer = await _http.SendAsync(question, ending.Token);
            LearnTime(answer);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return; // whoever sends the first batch meets the same, and says so
        }
    }

    // The turns need no disposal, and a request that is cancelled at the end may still give its own back.
    public void Dispose() => _http.Dispose();

    sealed record Call(string Action, IReadOnlyList<ReadOnlyMemory<byte>> Parts, bool IsPacked, string? Format);

    // Also tells whether the time of the signature turned out to be wrong.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<(ServiceAnswer Answer, bool WasOffTime)> SendOnceAsync(Call call, CancellationToken cancel)
    {
        var content = new PooledContent(call.Parts, call.IsPacked);
        using var ending = new CancellationTokenSource(RequestTimeout, time);
        using var _ = EndWith(ending, cancel);
        try
        {
            using var request = await SignAsync(call, content, ending.Token);
            using var response = await _http.SendAsync(request, ending.Token);
            return await ReadAsync(response, ending.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"no answer from {endpoint.Address.Authority} in {RequestTimeout.TotalSeconds} s", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            // The framework's own text only says that there is an inner exception.
            throw new HttpRequestException(
                e.HttpRequestError,
                $"no secure connection to {endpoint.Address.Authority}: {e.InnerException?.Message}", e);
        }
        finally
        {
            await content.WritingEndedAsync();
        }
    }

    // One source with a registration is half of what a linked one beside it takes.
    static CancellationTokenRegistration EndWith(CancellationTokenSource ending, CancellationToken cancel) =>
        cancel.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), ending);

    async Task<HttpRequestMessage> SignAsync(Call call, PooledContent content, CancellationToken cancel)
    {
        // The chain may run a program of the user's, which may hang.
        var key = await credentials.GetAsync().WaitAsync(cancel);
        var request = RequestSigning.Sign(
            endpoint.Address, content, LogsApi.ContentType, Hash(call.Parts), key, SignerOf(key), time.GetUtcNow(),
            LogsApi.TargetPrefix + call.Action);
        if (call.Format is { } format)
        {
            request.Headers.TryAddWithoutValidation(LogsApi.FormatHeader, format);
        }

        return request;
    }

    // Several threads may make one at the same time: any of them will do.
    RequestSigner SignerOf(ImmutableCredentials key)
    {
        if (_signer is { } kept && kept.Credentials.Equals(key))
        {
            return kept.Signer;
        }

        var signer = new RequestSigner(key.AccessKey, key.SecretKey, endpoint.Region, LogsApi.Service);
        _signer = new(key, signer);
        return signer;
    }

    sealed record KeptSigner(ImmutableCredentials Credentials, RequestSigner Signer);

    async Task<(ServiceAnswer Answer, bool WasOffTime)> ReadAsync(
        HttpResponseMessage response, CancellationToken cancel)
    {
        await response.Content.LoadIntoBufferAsync(HttpConnections.MostAnswerBytes, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        var requestId = response.Headers.TryGetValues("x-amzn-RequestId", out var ids) ? ids.FirstOrDefault() : null;
        var answer = new ServiceAnswer(response.StatusCode, body, requestId, RetryAfter(response));
        if (!answer.IsSuccess && answer.ReadError().Type is { } type
            && (type == ErrorTypes.UnrecognizedClient || ErrorTypes.IsExpiredToken(type)))
        {
            credentials.Forget();
        }

        return (answer, LearnTime(response));
    }

    // Returns whether the time was wrong so far. A proxy's clock is nobody's concern: the service's answers have an id.
    bool LearnTime(HttpResponseMessage response) =>
        response.Headers.Contains("x-amzn-RequestId") && response.Headers.Date is { } said && time.Learn(said);

    TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null
    };

    static string Hash(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var hash = _hash ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash = null;
        for (var i = 0; i < parts.Count; i++)
        {
            hash.AppendData(parts[i].Span);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        _hash = hash;
        return Convert.ToHexStringLower(digest);
    }
}
