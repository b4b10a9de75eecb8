using System.Globalization;

namespace CloudWatch.Signing;

/// <summary>Signs requests with one key pair for one region and service. The derived key is kept for its day.</summary>
public sealed class RequestSigner(string accessKey, string secretKey, string region, string service)
{
    readonly Lock _lock = new();
    CredentialScope _scope = new("", region, service);
    byte[] _signingKey = [];

    /// <summary>The Authorization header of a request whose headers, among them X-Amz-Date, are complete.</summary>
    /// <param name="at">The moment that X-Amz-Date names.</param>
    public string Authorize(SignedRequest request, DateTimeOffset at)
    {
        var amzDate = AmzDate(at);
        var (scope, key) = KeyOf(amzDate[..8]);
        var signature = Signature.Of(request, amzDate, scope, key);
        var names = CanonicalRequest.SignedHeaderNames(request.Headers);
        return $"{Signature.Algorithm} Credential={accessKey}/{scope}, SignedHeaders={names}, Signature={signature}";
    }

    /// <summary>A moment as X-Amz-Date writes it.</summary>
    public static string AmzDate(DateTimeOffset at) =>
        at.UtcDateTime.ToString(Signature.DateFormat, CultureInfo.InvariantCulture);

    (CredentialScope Scope, byte[] Key) KeyOf(string date)
    {
        lock (_lock)
        {
            if (_scope.Date != date)
            {
                _scope = new(date, region, service);
                _signingKey = Signature.SigningKey(secretKey, _scope);
            }

            return (_scope, _signingKey);
        }
    }
}
