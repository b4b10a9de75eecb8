using System.Text;

namespace CloudWatch.Signing;

/// <summary>The one text that both sides of a SigV4 signature must agree on. Signing and verifying share it, so that
/// they cannot drift apart. Source: IAM user guide, "Create a signed AWS API request", step 1.</summary>
public static class CanonicalRequest
{
    /// <summary>The canonical request, ready to be hashed.</summary>
    public static string Of(SignedRequest request)
    {
        var headers = Sorted(request.Headers);
        var text = new StringBuilder(512)
            .Append(request.Method).Append('\n')
            .Append(request.Path.Length == 0 ? "/" : EncodedAgain(request.Path)).Append('\n')
            .Append(CanonicalQuery(request.Query)).Append('\n');
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(OneSpace(value)).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', headers.Select(header => header.Key)).Append('\n')
            .Append(request.PayloadHash).ToString();
    }

    /// <summary>The names of the signed headers as they stand in the Authorization header: lower case,
    /// sorted.</summary>
    public static string SignedHeaderNames(IReadOnlyList<KeyValuePair<string, string>> headers) =>
        string.Join(';', Sorted(headers).Select(header => header.Key));

    static List<KeyValuePair<string, string>> Sorted(IReadOnlyList<KeyValuePair<string, string>> headers) =>
        headers.Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .ToList();

    // Every service but S3 signs the path encoded twice; it comes here encoded once, as it stands on the wire.
    static string EncodedAgain(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // Parameters sorted by name, then value; a name without '=' gets one. They are percent-encoded already.
    static string CanonicalQuery(string query) =>
        query.Length == 0
            ? ""
            : string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Contains('=', StringComparison.Ordinal) ? part : part + "=")
                .OrderBy(part => part[..part.IndexOf('=', StringComparison.Ordinal)], StringComparer.Ordinal)
                .ThenBy(part => part, StringComparer.Ordinal));

    // Surrounding blanks go, runs of blanks inside become one.
    static string OneSpace(string value)
    {
        var trimmed = value.Trim();
        if (!trimmed.Contains("  ", StringComparison.Ordinal))
        {
            return trimmed;
        }

        return string.Join(' ', trimmed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
