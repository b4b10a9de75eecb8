using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace CloudWatch.Signing;

/// <summary>The arithmetic of SigV4. Source: IAM user guide, "Create a signed AWS API request", steps 2 to 4.</summary>
public static class Signature
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>How X-Amz-Date writes a moment, in UTC.</summary>
    public const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The key that signs for a whole scope; it may be kept for the scope's day.</summary>
    public static byte[] SigningKey(string secretKey, CredentialScope scope)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), scope.Date);
        key = Hmac(key, scope.Region);
        key = Hmac(key, scope.Service);
        return Hmac(key, CredentialScope.Terminator);
    }

    /// <summary>How many characters a signature has.</summary>
    public const int Length = 2 * SHA256.HashSizeInBytes;

    /// <summary>The signature of a request: 64 lower-case hexadecimal digits.</summary>
    /// <param name="amzDate">The request's X-Amz-Date.</param>
    public static string Of(SignedRequest request, string amzDate, CredentialScope scope, byte[] signingKey)
    {
        Span<char> signature = stackalloc char[Length];
        Write(request, amzDate, scope, signingKey, signature);
        return new(signature);
    }

    /// <summary>The same, written to where there is room for <see cref="Length"/>.</summary>
    public static void Write(
        SignedRequest request, string amzDate, CredentialScope scope, byte[] signingKey, Span<char> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        CanonicalRequest.Hash(request, hash);
        Span<char> digits = stackalloc char[Length];
        Convert.TryToHexStringLower(hash, digits, out _);

        // What is to be verified may be of any length.
        const int Enough = 512;
        var longest = 256 + (3 * (amzDate.Length + scope.Date.Length + scope.Region.Length + scope.Service.Length));
        Span<byte> text = stackalloc byte[Enough];
        text = longest <= Enough ? text : new byte[longest];
        var (date, region, service) = scope;
        Utf8.TryWrite(
            text, $"{Algorithm}\n{amzDate}\n{date}/{region}/{service}/{CredentialScope.Terminator}\n{digits}",
            out var length);
        HMACSHA256.HashData(signingKey, text[..length], hash);
        Convert.TryToHexStringLower(hash, signature, out _);
    }

    static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
