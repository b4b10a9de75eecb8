using System.Security.Cryptography;
using System.Text;

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

    /// <summary>The signature of a canonical request: 64 lower-case hexadecimal digits.</summary>
    /// <param name="amzDate">The request's X-Amz-Date.</param>
    public static string Of(string canonicalRequest, string amzDate, CredentialScope scope, byte[] signingKey)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));
        return Convert.ToHexStringLower(Hmac(signingKey, $"{Algorithm}\n{amzDate}\n{scope}\n{hash}"));
    }

    static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
