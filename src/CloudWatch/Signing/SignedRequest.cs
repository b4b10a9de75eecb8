namespace CloudWatch.Signing;

/// <summary>The parts of an HTTP request that a SigV4 signature covers.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">The absolute path, percent-encoded as on the wire; every CloudWatch Logs call has "/".</param>
/// <param name="Query">The query string as on the wire, without its '?'.</param>
/// <param name="Headers">The headers to sign, or the ones that were signed; names in any case, in any order.</param>
/// <param name="PayloadHash">SHA-256 of the body as 64 lower-case hexadecimal digits.</param>
public sealed record SignedRequest(
    string Method,
    string Path,
    string Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string PayloadHash);
