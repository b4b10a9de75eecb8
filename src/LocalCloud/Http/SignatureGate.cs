using System.Security.Cryptography;
using CloudWatch.Signing;
using CloudWatch.Wire;
using LocalCloud.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LocalCloud.Http;

/// <summary>Takes requests signed with one key pair and answers all others as the service does.</summary>
sealed class SignatureGate(string accessKey, string secretKey, TimeProvider time)
{
    readonly SignatureVerifier _verifier = new(accessKey, secretKey);

    /// <param name="body">As sent, still zipped.</param>
    /// <exception cref="RefusedException">The signature is missing or not good.</exception>
    public void Check(HttpRequest request, ReadOnlySpan<byte> body)
    {
        var verdict = _verifier.Verify(Signed(request, body), time.GetUtcNow());
        if (verdict != SignatureVerdict.Good)
            throw new RefusedException(TypeOf(verdict), MessageOf(verdict, request));
    }

    static SignedRequest Signed(HttpRequest request, ReadOnlySpan<byte> body)
    {
        // The target as on the wire: what Kestrel decoded is no longer what was signed.
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var headers = request.Headers
            .SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? "")))
            .ToList();
        return new(
            request.Method,
            mark < 0 ? target : target[..mark],
            mark < 0 ? "" : target[(mark + 1)..],
            headers,
            Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    static string TypeOf(SignatureVerdict verdict) => verdict switch
    {
        SignatureVerdict.Missing => ErrorTypes.MissingAuthenticationToken,
        SignatureVerdict.Incomplete => ErrorTypes.IncompleteSignature,
        SignatureVerdict.UnknownKey => ErrorTypes.UnrecognizedClient,
        _ => ErrorTypes.InvalidSignature
    };

    string MessageOf(SignatureVerdict verdict, HttpRequest request) => verdict switch
    {
        SignatureVerdict.Missing => "Missing Authentication Token",
        SignatureVerdict.Incomplete =>
            "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters, and must sign "
            + "'host' and an existing 'X-Amz-Date' header.",
        SignatureVerdict.UnknownKey => "The security token included in the request is invalid.",
        SignatureVerdict.Expired =>
            $"Signature expired: {request.Headers["X-Amz-Date"]} is more than "
            + $"{CloudWatch.Limits.SignatureWindow.TotalMinutes} min. from {RequestSigner.AmzDate(time.GetUtcNow())}, "
            + "or not of the day of its credential scope.",
        _ => "The request signature we calculated does not match the signature you provided. "
            + "Check your AWS Secret Access Key and signing method."
    };
}
