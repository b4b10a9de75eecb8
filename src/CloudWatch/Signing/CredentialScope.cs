namespace CloudWatch.Signing;

/// <summary>What a signing key is good for: one day, one region, one service.</summary>
/// <param name="Date">The day in UTC as <c>yyyyMMdd</c>.</param>
public sealed record CredentialScope(string Date, string Region, string Service)
{
    /// <summary>The last part of every scope of Signature Version 4.</summary>
    public const string Terminator = "aws4_request";
}
