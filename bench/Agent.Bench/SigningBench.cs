using BenchmarkDotNet.Attributes;
using CloudWatch.Signing;

namespace Agent.Bench;

/// <summary>What a signature costs beside the hash of its body: once a batch of up to 10,000 log events.</summary>
[MemoryDiagnoser]
public class SigningBench
{
    static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly RequestSigner _signer = new("AKIDEXAMPLE", "secret", "us-east-1", "logs");
    readonly SignedRequest _request = new(
        "POST", "/", "",
        [
            new("content-type", "application/x-amz-json-1.1"), new("host", "logs.us-east-1.amazonaws.com"),
            new("x-amz-date", "20261123T120000Z"), new("x-amz-target", "Logs_20140328.PutLogEvents")
        ],
        new string('0', 64));

    [Benchmark]
    public string Authorize() => _signer.Authorize(_request, At);
}
