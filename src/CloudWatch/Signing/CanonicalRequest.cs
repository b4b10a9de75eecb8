using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CloudWatch.Signing;

/// <summary>The one text that both sides of a SigV4 signature must agree on. Signing and verifying share it, so that
/// they cannot drift apart. Source: IAM user guide, "Create a signed AWS API request", step 1.</summary>
public static class CanonicalRequest
{
    // One text at a time, and a signature for every batch: it need not be garbage each time.
    [ThreadStatic]
    static ArrayBufferWriter<byte>? _text;

    [ThreadStatic]
    static (string[] Headers, string Joined)? _names; // as asked for last

    // A stranger's request may be of any length.
    const int MostKept = 64 * 1024;

    /// <summary>What is signed of it: its SHA-256.</summary>
    /// <param name="hash">Takes the 32 bytes.</param>
    public static void Hash(SignedRequest request, Span<byte> hash)
    {
        SHA256.HashData(Write(request), hash);
        _text = _text?.Capacity <= MostKept ? _text : null;
    }

    /// <summary>The names of the signed headers as they stand in the Authorization header: lower case,
    /// sorted.</summary>
    public static string SignedHeaderNames(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        // Whoever signs always signs the same.
        var sorted = Sorted(headers);
        if (_names is not { } kept || !AreNames(kept.Headers, sorted))
        {
            string[] names = [.. sorted.Select(header => header.Key)];
            _names = kept = (names, string.Join(';', names));
        }

        return kept.Joined;
    }

    static ReadOnlySpan<byte> Write(SignedRequest request)
    {
        var headers = Sorted(request.Headers);
        var text = _text ??= new(1024);
        text.ResetWrittenCount();
        Append(text, request.Method, "\n");
        Append(text, request.Path is "" or "/" ? "/" : EncodedAgain(request.Path), "\n");
        Append(text, CanonicalQuery(request.Query), "\n");
        for (var i = 0; i < headers.Count; i++)
        {
            Append(text, headers[i].Key, ":");
            Append(text, OneSpace(headers[i].Value), "\n");
        }

        for (var i = 0; i < headers.Count; i++)
        {
            Append(text, i == 0 ? "\n" : ";", headers[i].Key);
        }

        Append(text, headers.Count == 0 ? "\n\n" : "\n", request.PayloadHash);
        return text.WrittenSpan;
    }

    static bool AreNames(string[] names, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var same = 0;
        while (same < names.Length && same < headers.Count && names[same] == headers[same].Key)
        {
            same++;
        }

        return same == names.Length && same == headers.Count;
    }

    static void Append(ArrayBufferWriter<byte> text, string one, string other)
    {
        Encoding.UTF8.GetBytes(one, text);
        Encoding.UTF8.GetBytes(other, text);
    }

    static IReadOnlyList<KeyValuePair<string, string>> Sorted(IReadOnlyList<KeyValuePair<string, string>> headers) =>
        AreSorted(headers)
            ? headers
            : headers.Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value))
                .OrderBy(header => header.Key, StringComparer.Ordinal)
                .ToList();

    // As whoever signs for himself writes them.
    static bool AreSorted(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Key.AsSpan().ContainsAnyInRange('A', 'Z')
                || (i > 0 && string.CompareOrdinal(headers[i - 1].Key, headers[i].Key) > 0))
            {
                return false;
            }
        }

        return true;
    }

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
