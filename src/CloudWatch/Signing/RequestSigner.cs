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
        var (scope, key) = KeyOf(amzDate.AsSpan(0, 8));
        Span<char> signature = stackalloc char[Signature.Length];
        Signature.Write(request, amzDate, scope, key, signature);
        var (date, names) = (scope.Date, CanonicalRequest.SignedHeaderNames(request.Headers));
        return $"{Signature.Algorithm} Credential={accessKey}/{date}/{region}/{service}/{CredentialScope.Terminator}"
            + $", SignedHeaders={names}, Signature={signature}";
    }

    /// <summary>A moment as X-Amz-Date writes it.</summary>
    public static string AmzDate(DateTimeOffset at) =>
        at.UtcDateTime.ToString(Signature.DateFormat, CultureInfo.InvariantCulture);

    (CredentialScope Scope, byte[] Key) KeyOf(ReadOnlySpan<char> date)
    {
        lock (_lock)
        {
            if (!date.SequenceEqual(_scope.Date))
            {
                _scope = new(date.ToString(), region, service);
                _signingKey = Signature.SigningKey(secretKey, _scope);
            }

            return (_scope, _signingKey);
        }
    }
}
