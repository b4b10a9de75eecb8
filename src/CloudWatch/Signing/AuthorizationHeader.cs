namespace CloudWatch.Signing;

/// <summary>An Authorization header of SigV4, taken apart:
/// <c>AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=HEX</c>.</summary>
public sealed record AuthorizationHeader(
    string AccessKey, CredentialScope Scope, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>Null when the header is not of that form.</summary>
    public static AuthorizationHeader? TryParse(string header)
    {
        if (!header.StartsWith(Signing.Signature.Algorithm + " ", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = header[(Signing.Signature.Algorithm.Length + 1)..]
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var credential = Value(parts, "Credential")?.Split('/');
        var headers = Value(parts, "SignedHeaders");
        var signature = Value(parts, "Signature");
        return credential is [var key, var date, var region, var service, CredentialScope.Terminator]
            && headers is not null && signature is not null
            ? new(key, new(date, region, service), headers.Split(';'), signature)
            : null;
    }

    static string? Value(string[] parts, string name) =>
        Array.Find(parts, part => part.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
