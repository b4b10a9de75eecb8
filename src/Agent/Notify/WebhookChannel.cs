using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Agent.Events;

namespace Agent.Notify;

/// <summary>Posts each notice as JSON, in the form of the service's own alarm messages. With a secret the body is
/// signed: <c>X-Vigil-Signature: sha256=</c> and the HMAC in hexadecimal.</summary>
/// <param name="secretFile">Null signs nothing. Read each time, so that a changed secret is found.</param>
sealed class WebhookChannel(string name, Uri url, string? secretFile, string host) : Channel(name)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // what follows one would get no body
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5)
    })
    {
        Timeout = Patience
    };

    public override async Task SendAsync(IReadOnlyList<AlarmNotice> notices, CancellationToken cancel)
    {
        foreach (var notice in notices)
        {
            await PostAsync(notice, cancel);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _http.Dispose();
    }

    async Task<byte[]?> SecretAsync(CancellationToken cancel)
    {
        try
        {
            if (secretFile is null)
            {
                return null;
            }

            var secret = (await File.ReadAllTextAsync(secretFile, cancel)).Trim();
            return secret.Length > 0 ? Encoding.UTF8.GetBytes(secret)
                : throw new NotifyException($"{secretFile} is empty: anybody could sign so");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotifyException(e.Message, e);
        }
    }

    async Task PostAsync(AlarmNotice notice, CancellationToken cancel)
    {
        var body = AlarmMessage.Of(notice, host);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("vigil", null));
        request.Headers.Add("X-Vigil-Id", notice.Id);
        if (await SecretAsync(cancel) is { } secret)
        {
            request.Headers.Add(
                "X-Vigil-Signature", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(secret, body))}");
        }

        try
        {
            using var answer = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!answer.IsSuccessStatusCode)
            {
                throw new NotifyException(string.Create(
                    CultureInfo.InvariantCulture, $"{url.Host} answered {(int)answer.StatusCode}"));
            }
        }
        catch (HttpRequestException e)
        {
            throw new NotifyException($"{url.Host}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new NotifyException($"{url.Host} did not answer within {Patience.TotalSeconds} s", e);
        }
    }
}
