using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudWatch.Signing;

/// <summary>What became of checking a request's signature.</summary>
public enum SignatureVerdict
{
    Good,

    /// <summary>No Authorization header at all.</summary>
    Missing,

    /// <summary>An Authorization header that is not of SigV4's form, or that does not cover host and
    /// X-Amz-Date.</summary>
    Incomplete,

    /// <summary>An access key that the server does not know.</summary>
    UnknownKey,

    /// <summary>X-Amz-Date is too far from the server's clock, or not the scope's day.</summary>
    Expired,

    /// <summary>The signature is not the one that the known secret gives.</summary>
    Mismatch
}

/// <summary>Checks the signatures of requests made with one key pair, through the same canonical form that
/// signs.</summary>
public sealed class SignatureVerifier(string accessKey, string secretKey)
{
    /// <summary>Judges a request.</summary>
    /// <param name="request">The request with all its headers; only those it says it signed are used.</param>
    /// <param name="now">The server's clock.</param>
    public SignatureVerdict Verify(SignedRequest request, DateTimeOffset now)
    {
        if (Header(request, "authorization") is not { } authorization)
        {
            return SignatureVerdict.Missing;
        }

        if (AuthorizationHeader.TryParse(authorization) is not { } header || !Covers(header)
            || Header(request, "x-amz-date") is not { } amzDate)
        {
            return SignatureVerdict.Incomplete;
        }

        if (header.AccessKey != accessKey)
        {
            return SignatureVerdict.UnknownKey;
        }

        if (!IsTimely(amzDate, header.Scope, now))
        {
            return SignatureVerdict.Expired;
        }

        return Matches(request, header, amzDate) ? SignatureVerdict.Good : SignatureVerdict.Mismatch;
    }

    // A signature that leaves these out could be replayed elsewhere or at any time. One that names a header a thousand
    // times would make a thousand of its value.
    static bool Covers(AuthorizationHeader header) =>
        header.SignedHeaders.Contains("host") && header.SignedHeaders.Contains("x-amz-date")
        && header.SignedHeaders.Distinct(StringComparer.OrdinalIgnoreCase).Count() == header.SignedHeaders.Count;

    static bool IsTimely(string amzDate, CredentialScope scope, DateTimeOffset now) =>
        DateTimeOffset.TryParseExact(
            amzDate, Signature.DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && amzDate.StartsWith(scope.Date, StringComparison.Ordinal)
        && (now - at).Duration() <= Limits.SignatureWindow;

    bool Matches(SignedRequest request, AuthorizationHeader header, string amzDate)
    {
        var signed = request with
        {
            Headers = header.SignedHeaders
                .Select(name => KeyValuePair.Create(name, Header(request, name) ?? ""))
                .ToList()
        };
        var expected = Signature.Of(
            signed, amzDate, header.Scope, Signature.SigningKey(secretKey, header.Scope));
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(header.Signature));
    }

    // A header sent several times counts as one, its values joined by commas (RFC 9110, 5.3).
    static string? Header(SignedRequest request, string name)
    {
        var values = request.Headers
            .Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value.Trim())
            .ToList();
        return values.Count == 0 ? null : string.Join(',', values);
    }
}
