using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Agent.Aws;
using Agent.Tests.Support;
using CloudWatch.Signing;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>Requests on the wire, against something that is no well-behaved service.</summary>
[Collection(AwsEnvironment.Collection)]
public sealed class SignedSenderTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    // More than a socket's buffers take.
    const int Parts = 400;
    const int PartBytes = 64 * 1024;

    readonly FakeTimeProvider _time = new(Now);
    readonly AwsEnvironment _environment = new();
    readonly CollectingLog _log = new();
    readonly List<IDisposable> _owned = [];

    public void Dispose()
    {
        _owned.ForEach(one => one.Dispose());
        _environment.Dispose();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARequestIsSignedSoThatTheServiceFindsTheSignatureGood()
    {
        List<string> head = [];
        byte[] body = [];
        var sender = Sender(async stream =>
        {
            head = await RawServer.ReadHeadAsync(stream);
            body = await RawServer.ReadBodyAsync(stream, head);
            await RawServer.AnswerAsync(stream, 200, "{}", "x-amzn-RequestId: the-id");
        });

        var answer = await sender.SendAsync("PutLogEvents", ["{\"a\":"u8.ToArray(), "\"é\"}"u8.ToArray()], Cancel);

        Assert.Equal((HttpStatusCode.OK, "the-id"), (answer.Status, answer.RequestId));
        Assert.Equal("{\"a\":\"é\"}"u8.ToArray(), body);
        Assert.Equal("POST / HTTP/1.1", head[0]);
        Assert.Equal("Logs_20140328.PutLogEvents", RawServer.Header(head, "x-amz-target"));
        Assert.Equal("application/x-amz-json-1.1", RawServer.Header(head, "content-type"));
        Assert.Equal(SignatureVerdict.Good, new SignatureVerifier("vigil", "vigil").Verify(Signed(head, body), Now));
        Assert.Equal(
            SignatureVerdict.Mismatch, new SignatureVerifier("vigil", "vigil").Verify(Signed(head, [1]), Now));
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(180)]
    public async Task AHostWhoseClockIsWrongSignsByTheServicesTime(int minutesFast)
    {
        var right = Now - TimeSpan.FromMinutes(minutesFast);
        List<string> dates = [];
        var sender = Sender(async stream =>
        {
            while (await RawServer.ReadHeadAsync(stream) is { Count: > 0 } head)
            {
                var body = await RawServer.ReadBodyAsync(stream, head);
                dates.Add(RawServer.Header(head, "x-amz-date")!);
                var verdict = new SignatureVerifier("vigil", "vigil").Verify(Signed(head, body), right);
                await RawServer.AnswerAsync(
                    stream, verdict == SignatureVerdict.Good ? 200 : 400,
                    """{"__type":"InvalidSignatureException","message":"Signature expired"}""",
                    $"x-amzn-RequestId: the-id\r\nDate: {right:R}");
            }
        });

        var first = await sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);
        var second = await sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, second.Status));
        Assert.Equal(3, dates.Count);
        Assert.Contains($"{Math.Abs(minutesFast) * 60} s", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTimeOfSomethingInTheServicesPlaceIsNotTaken()
    {
        var requests = 0;
        var sender = Sender(async stream =>
        {
            requests++;
            var head = await RawServer.ReadHeadAsync(stream);
            await RawServer.ReadBodyAsync(stream, head);
            await RawServer.AnswerAsync(
                stream, 400, """{"__type":"InvalidSignatureException"}""", $"Date: {Now.AddDays(1):R}");
        });

        var answer = await sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, 1), (answer.Status, requests));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task ASessionTokenIsSentAndSigned()
    {
        _environment["AWS_ACCESS_KEY_ID"] = "AKID";
        _environment["AWS_SECRET_ACCESS_KEY"] = "secret";
        _environment["AWS_SESSION_TOKEN"] = "token";
        List<string> head = [];
        var sender = Sender(async stream =>
        {
            head = await RawServer.ReadHeadAsync(stream);
            await RawServer.ReadBodyAsync(stream, head);
            await RawServer.AnswerAsync(stream, 200, "{}");
        });

        await sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);

        Assert.Equal("token", RawServer.Header(head, "x-amz-security-token"));
        Assert.Contains("x-amz-security-token", RawServer.Header(head, "authorization"), StringComparison.Ordinal);
        Assert.Equal(SignatureVerdict.Good,
            new SignatureVerifier("AKID", "secret").Verify(Signed(head, "{}"u8.ToArray()), Now));
    }

    /// <summary>A service may refuse a body it has read the beginning of, and then read on, hang up, or do neither. The
    /// memory is free when the task ends: nothing that is put into it later may reach the wire.</summary>
    [Theory]
    [InlineData("reads on")]
    [InlineData("hangs up")]
    [InlineData("does neither")]
    public async Task AnAnswerBeforeTheBodysEndFreesNoMemoryTooEarly(string then)
    {
        var isAnswered = false;
        var isReused = new TaskCompletionSource();
        var isClean = new TaskCompletionSource<bool>();
        var sender = Sender(async stream =>
        {
            await RawServer.ReadHeadAsync(stream);
            await RawServer.AnswerAsync(stream, 400, """{"__type":"AccessDeniedException","message":"no"}""");
            isAnswered = true;
            if (then == "does neither")
            {
                await isReused.Task;
            }

            isClean.SetResult(then == "hangs up" || await ReadsOnlyAsync(stream, (byte)'x', Parts * PartBytes));
        });
        byte[][] parts = [.. Enumerable.Range(0, Parts).Select(_ => new byte[PartBytes])];
        Array.ForEach(parts, part => part.AsSpan().Fill((byte)'x'));

        var sending = sender.SendAsync("PutLogEvents", [.. parts.Select(part => (ReadOnlyMemory<byte>)part)], Cancel);
        await Soon.IsAsync(() => isAnswered);
        if (then == "does neither")
        {
            _time.Advance(TimeSpan.FromSeconds(60));
        }

        var fault = await Record.ExceptionAsync(() => sending);
        Array.ForEach(parts, part => part.AsSpan().Fill((byte)'!'));
        isReused.SetResult();

        Assert.True(fault is null or HttpRequestException or TimeoutException, $"{fault}");
        Assert.Equal(then == "reads on", fault is null);
        Assert.True(await isClean.Task);
    }

    [Fact]
    public async Task AServiceThatNeverAnswersIsGivenUpAfterAMinute()
    {
        var isAsked = false;
        var sender = Sender(async stream =>
        {
            await RawServer.ReadHeadAsync(stream);
            isAsked = true;
            await Task.Delay(Timeout.Infinite, Cancel); // waits for the end of the test
        });

        var sending = sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);
        await Soon.IsAsync(() => isAsked);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        var fault = await Assert.ThrowsAsync<TimeoutException>(() => sending);
        Assert.EndsWith("in 60 s", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARequestThatWaitsForAConnectionIsNotGivenUpInTheMeantime()
    {
        const int Connections = 48;
        var asked = 0;
        var sender = Sender(async stream =>
        {
            await RawServer.ReadBodyAsync(stream, await RawServer.ReadHeadAsync(stream));
            if (Interlocked.Increment(ref asked) <= Connections)
            {
                await Task.Delay(Timeout.Infinite, Cancel); // waits for the end of the test
            }

            await RawServer.AnswerAsync(stream, 200, "{}");
        });
        Task<ServiceAnswer> Send() => sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);

        var first = Enumerable.Range(0, Connections).Select(_ => Send()).ToList();
        await Soon.IsAsync(() => Volatile.Read(ref asked) == Connections);
        var last = Send();
        _time.Advance(TimeSpan.FromSeconds(60));

        foreach (var one in first)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => one);
        }

        Assert.Equal(HttpStatusCode.OK, (await last).Status);
    }

    [Fact]
    public async Task ACancelledRequestIsCancelledAndNoTimeout()
    {
        var isAsked = false;
        var sender = Sender(async stream =>
        {
            await RawServer.ReadHeadAsync(stream);
            isAsked = true;
            await Task.Delay(Timeout.Infinite, Cancel); // waits for the end of the test
        });
        using var stop = new CancellationTokenSource();

        var sending = sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], stop.Token);
        await Soon.IsAsync(() => isAsked);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData("HTTP/1.1 2")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")]
    [InlineData("")]
    public async Task ABrokenAnswerIsTroubleOfTheNetwork(string answer)
    {
        var sender = Sender(async stream =>
        {
            await RawServer.ReadBodyAsync(stream, await RawServer.ReadHeadAsync(stream));
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
        });

        var fault = await Assert.ThrowsAnyAsync<Exception>(
            () => sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel));
        Assert.True(fault is HttpRequestException or IOException, fault.ToString());
    }

    [Fact]
    public async Task NobodyListeningIsTroubleOfTheNetwork()
    {
        var server = new RawServer(_ => Task.CompletedTask);
        var address = server.Address;
        server.Dispose();
        var sender = Sender(address);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel));
    }

    /// <summary>What the status shows of it must be of use: the framework's own text may only point inside.</summary>
    [Theory]
    [InlineData("http://nowhere.invalid/", "nowhere.invalid")]
    [InlineData(
        "https://127.0.0.1:{port}/", "no secure connection to 127.0.0.1:{port}: Cannot determine the frame size")]
    public async Task ANameThatNobodyKnowsAndAPortWithoutTlsAreSaid(string address, string said)
    {
        var server = new RawServer(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[5]);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });
        _owned.Add(server);
        string WithPort(string text) => text.Replace("{port}", $"{server.Address.Port}", StringComparison.Ordinal);

        var fault = await Assert.ThrowsAsync<HttpRequestException>(
            () => Sender(new Uri(WithPort(address))).SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel));

        Assert.Contains(WithPort(said), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARedirectIsAnAnswerAndNotFollowed()
    {
        var sender = Sender(async stream =>
        {
            await RawServer.ReadBodyAsync(stream, await RawServer.ReadHeadAsync(stream));
            await RawServer.AnswerAsync(stream, 302, "", "Location: http://127.0.0.1:1/");
        });

        var answer = await sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Tue, 03 Feb 2026 04:05:16 GMT", 10)]
    [InlineData("Tue, 03 Feb 2026 04:05:00 GMT", null)]
    [InlineData("soon", null)]
    public async Task HowLongToWaitIsReadInBothItsForms(string header, int? seconds)
    {
        var sender = Sender(async stream =>
        {
            await RawServer.ReadBodyAsync(stream, await RawServer.ReadHeadAsync(stream));
            await RawServer.AnswerAsync(stream, 503, "", "Retry-After: " + header);
        });

        var answer = await sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);

        Assert.Equal(seconds, answer.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task CredentialsThatExpiredAreLookedUpAnew()
    {
        var lookups = 0;
        using var container = new RawServer(async stream =>
        {
            await RawServer.ReadHeadAsync(stream);
            await RawServer.AnswerAsync(stream, 200, $$"""
                {"AccessKeyId":"KEY{{++lookups}}","SecretAccessKey":"secret","Token":"token",
                 "Expiration":"2099-01-01T00:00:00Z"}
                """, "Connection: close", "Content-Type: application/json");
        });
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = container.Address + "creds";
        List<string?> keys = [];
        string[] answers = ["ThrottlingException", "ExpiredTokenException", "ThrottlingException"];
        var sender = Sender(async stream =>
        {
            var head = await RawServer.ReadHeadAsync(stream);
            await RawServer.ReadBodyAsync(stream, head);
            keys.Add(AuthorizationHeader.TryParse(RawServer.Header(head, "authorization")!)?.AccessKey);
            await RawServer.AnswerAsync(
                stream, 400, $$"""{"__type":"{{answers[keys.Count - 1]}}"}""", "Connection: close");
        });

        for (var i = 0; i < answers.Length; i++)
        {
            await sender.SendAsync("PutLogEvents", ["{}"u8.ToArray()], Cancel);
        }

        Assert.Equal(["KEY1", "KEY1", "KEY2"], keys);
    }

    SignedSender Sender(Func<NetworkStream, Task> serve)
    {
        var server = new RawServer(serve);
        _owned.Add(server);
        return Sender(server.Address);
    }

    SignedSender Sender(Uri address)
    {
        var sender = new SignedSender(new(address, "eu-central-1"), new(isLoopback: true), new(_time, _log));
        _owned.Add(sender);
        return sender;
    }

    static SignedRequest Signed(List<string> head, byte[] body) => new(
        "POST", "/", "",
        [.. from line in head.Skip(1)
            let parts = line.Split(": ", 2)
            select KeyValuePair.Create(parts[0], parts[1])],
        Convert.ToHexStringLower(SHA256.HashData(body)));

    static async Task<bool> ReadsOnlyAsync(NetworkStream stream, byte expected, int mostBytes)
    {
        var buffer = new byte[1 << 20];
        try
        {
            int read;
            for (var left = mostBytes; left > 0 && (read = await stream.ReadAsync(buffer)) > 0; left -= read)
            {
                if (buffer.AsSpan(0, read).IndexOfAnyExcept(expected) >= 0)
                {
                    return false;
                }
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
