using System.Net;
using Amazon.Runtime;
using CloudWatch.Signing;

namespace Agent.Aws;

/// <summary>Makes a signed request of a body.</summary>
static class RequestSigning
{
    /// <param name="contentType">As the content says it, since it is signed.</param>
    /// <param name="hash">SHA-256 of the body, in lower case hexadecimal.</param>
    /// <param name="signer">Of the same key.</param>
    /// <param name="target">The X-Amz-Target; null where the service wants none.</param>
    public static HttpRequestMessage Sign(
        Uri address, HttpContent content, string contentType, string hash, ImmutableCredentials key,
        RequestSigner signer, DateTimeOffset now, string? target)
    {
        // In their order, which spares the signer to sort them.
        List<KeyValuePair<string, string>> headers = new(5)
        {
            new("content-type", contentType),
            new("host", address.Authority),
            new("x-amz-date", RequestSigner.AmzDate(now))
        };
        if (key.UseToken)
        {
            headers.Add(new("x-amz-security-token", key.Token));
        }

        if (target is not null)
        {
            headers.Add(new("x-amz-target", target));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = content,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact
        };
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.Ordinal))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var signed = new SignedRequest("POST", address.AbsolutePath, "", headers, hash);
        request.Headers.TryAddWithoutValidation("Authorization", signer.Authorize(signed, now));
        return request;
    }
}
