using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Agent.Aws;
using Agent.Tests.Support;
using CloudWatch.Signing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>Batches are compressed where the way is long, and only where they are shorter for it.</summary>
[Collection(AwsEnvironment.Collection)]
public sealed class CompressionTests
{
    readonly FakeTimeProvider _time = new(new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));

    [Fact]
    public async Task ACompressedBatchIsSignedAsItIsSentAndUnpacksToTheWhole()
    {
        var text = string.Concat(Enumerable.Repeat("Failed password for invalid user admin ", 5000));
        var body = Encoding.UTF8.GetBytes(text);

        var (head, sent) = await SendAsync("PutLogEvents", [body.AsMemory(0, 70_000), body.AsMemory(70_000)]);

        Assert.Equal("gzip", RawServer.Header(head, "content-encoding"));
        Assert.InRange(sent.Length, 100, body.Length / 20);
        using var unpacked = new MemoryStream();
        await new GZipStream(new MemoryStream(sent), CompressionMode.Decompress)
            .CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        Assert.Equal(body, unpacked.ToArray());
        var request = new SignedRequest("POST", "/", "",
            [.. from line in head.Skip(1)
                let parts = line.Split(": ", 2)
                select KeyValuePair.Create(parts[0], parts[1])],
            Convert.ToHexStringLower(SHA256.HashData(sent)));
        Assert.Equal(
            SignatureVerdict.Good, new SignatureVerifier("vigil", "vigil").Verify(request, _time.GetUtcNow()));
    }

    [Fact]
    public async Task WhatWouldNotBeShorterIsSentAsItIs()
    {
        var noise = RandomNumberGenerator.GetBytes(100_000);

        var (head, sent) = await SendAsync("PutLogEvents", [noise]);

        Assert.Null(RawServer.Header(head, "content-encoding"));
        Assert.Equal(noise, sent);
    }

    [Theory]
    [InlineData("PutLogEvents", 1000)]
    [InlineData("CreateLogStream", 100_000)]
    public async Task SmallBatchesAndOtherCallsAreSentAsTheyAre(string action, int bytes)
    {
        var (head, sent) = await SendAsync(action, [new byte[bytes]]);

        Assert.Null(RawServer.Header(head, "content-encoding"));
        Assert.Equal(bytes, sent.Length);
    }

    async Task<(List<string> Head, byte[] Body)> SendAsync(string action, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        List<string> head = [];
        byte[] body = [];
        using var server = new RawServer(async stream =>
        {
            head = await RawServer.ReadHeadAsync(stream);
            body = await RawServer.ReadBodyAsync(stream, head);
            await RawServer.AnswerAsync(stream, 200, "{}", "x-amzn-RequestId: the-id");
        });
        using var sender = new SignedSender(
            new(server.Address, "eu-central-1"), new(isLoopback: true), new(_time, new CollectingLog()), true);
        await sender.SendAsync(action, parts, TestContext.Current.CancellationToken);
        return (head, body);
    }
}
