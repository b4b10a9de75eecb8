using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudWatch.Signing;
using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

public sealed class SignatureTests
{
    const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const string Date = "20150830T123600Z";
    static readonly DateTimeOffset At = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Fact]
    public void Signatures_are_those_of_the_published_signers()
    {
        var cases = Cases().ToList();
        Assert.True(cases.Count >= 10);
        foreach (var (name, request, scope, signature) in cases)
        {
            var actual = Signature.Of(request, Date, scope, Signature.SigningKey(Secret, scope));
            Assert.True(signature == actual, $"{name}: {actual} is not {signature}");
        }
    }

    [Fact]
    public void What_is_signed_by_one_side_is_good_for_the_other_and_one_changed_byte_is_not()
    {
        foreach (var (name, request, scope, signature) in Cases())
        {
            var signer = new RequestSigner("AKIDEXAMPLE", Secret, scope.Region, scope.Service);
            var authorization = signer.Authorize(request, At);
            Assert.Contains(signature, authorization, StringComparison.Ordinal);
            var signed = request with
            {
                Headers = [.. request.Headers, KeyValuePair.Create("Authorization", authorization)]
            };
            var verifier = new SignatureVerifier("AKIDEXAMPLE", Secret);
            Assert.True(verifier.Verify(signed, At) == SignatureVerdict.Good, name);
            Assert.Equal(SignatureVerdict.Mismatch, verifier.Verify(signed with { Method = "PUT" }, At));
            var twice = authorization.Replace("SignedHeaders=", "SignedHeaders=host;", StringComparison.Ordinal);
            Assert.Equal(SignatureVerdict.Incomplete, verifier.Verify(
                request with { Headers = [.. request.Headers, KeyValuePair.Create("Authorization", twice)] }, At));
            Assert.Equal(SignatureVerdict.Mismatch, verifier.Verify(signed with { PayloadHash = Hash("x") }, At));
            Assert.Equal(SignatureVerdict.Expired, verifier.Verify(signed, At + TimeSpan.FromMinutes(15.1)));
            Assert.Equal(SignatureVerdict.Good, verifier.Verify(signed, At + TimeSpan.FromMinutes(15)));
        }
    }

    [Theory]
    [InlineData("good", null)]
    [InlineData("missing", "MissingAuthenticationTokenException: Missing Authentication Token")]
    [InlineData("incomplete", "IncompleteSignatureException: Authorization header requires")]
    [InlineData("another key", "UnrecognizedClientException: The security token included in the request is invalid.")]
    [InlineData("another secret", "InvalidSignatureException: The request signature we calculated does not match")]
    [InlineData("another body", "InvalidSignatureException: The request signature we calculated does not match")]
    [InlineData("late", "InvalidSignatureException: Signature expired: 20261122T094459Z")]
    [InlineData("early", "InvalidSignatureException: Signature expired: 20261122T101501Z")]
    public async Task A_server_with_a_key_takes_only_what_that_key_signed(string how, string? error)
    {
        await using var cloud = await RunningCloud.StartAsync(accessKey: "AKIDEXAMPLE", secretKey: Secret);
        var at = cloud.Time.GetUtcNow() + TimeSpan.FromSeconds(how switch { "late" => -901, "early" => 901, _ => 0 });
        var signer = new RequestSigner(
            how == "another key" ? "AKIDOTHER" : "AKIDEXAMPLE", how == "another secret" ? "x" : Secret,
            "eu-west-1", "logs");
        var reply = await cloud.CallAsync("DescribeLogGroups", "{}"u8.ToArray(), request =>
        {
            var date = RequestSigner.AmzDate(at);
            var signed = new SignedRequest(
                "POST", "/", "",
                [new("Host", cloud.Server.Endpoint.Authority), new("X-Amz-Date", date)],
                Hash(how == "another body" ? "[]" : "{}"));
            request.Headers.Add("X-Amz-Date", date);
            if (how != "missing")
            {
                request.Headers.TryAddWithoutValidation(
                    "Authorization",
                    how == "incomplete" ? "AWS4-HMAC-SHA256 Credential=x" : signer.Authorize(signed, at));
            }
        });
        if (error is null)
        {
            reply.MustSucceed();
        }
        else
        {
            Assert.StartsWith(
                $"400 {error}", $"{(int)reply.Status} {reply.Type}: {reply.Message}", StringComparison.Ordinal);
        }
    }

    static IEnumerable<(string Name, SignedRequest Request, CredentialScope Scope, string Signature)> Cases()
    {
        var blocks = File.ReadAllText(CaseTable.PathOf("sigv4.txt")).Split("\n\n").Skip(1);
        foreach (var lines in blocks.Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            string Part(string name) =>
                lines.First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();

            var headers = lines.Where(line => line.StartsWith("header ", StringComparison.Ordinal))
                .Select(line => line["header ".Length..].Split(':', 2))
                .Select(parts => KeyValuePair.Create(parts[0], parts[1]));
            var scope = Part("scope").Split('/');
            yield return (Part("case"),
                new(Part("method"), Part("path"), Part("query"),
                    [new("Host", "example.amazonaws.com"), new("X-Amz-Date", Date), .. headers], Hash(Part("body"))),
                new(At.ToString("yyyyMMdd", CultureInfo.InvariantCulture), scope[0], scope[1]), Part("signature"));
        }
    }

    static string Hash(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
