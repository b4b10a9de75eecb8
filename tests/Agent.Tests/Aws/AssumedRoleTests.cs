using System.Globalization;
using System.Text;
using Agent.Aws;
using Agent.Tests.Support;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>The credentials of a role, as the Security Token Service gives them.</summary>
[Collection(AwsEnvironment.Collection)]
public sealed class AssumedRoleTests : IDisposable
{
    static readonly RoleToAssume Role = new("arn:aws:iam::123456789012:role/logs", "vigil", "blue / 7");
    static readonly ImmutableCredentials Own = new("own", "secret", null);

    readonly FakeTimeProvider _time = new(new(2026, 2, 3, 4, 0, 0, TimeSpan.Zero));
    readonly List<string> _asked = [];
    readonly RawServer _server;
    readonly AssumedRole _role;
    Func<(int Status, string Body)> _answer;

    public AssumedRoleTests()
    {
        _answer = () => (200, Session($"key{_asked.Count}"));
        _server = new(async stream =>
        {
            while (await RawServer.ReadHeadAsync(stream) is { Count: > 0 } head)
            {
                _asked.Add(Encoding.UTF8.GetString(await RawServer.ReadBodyAsync(stream, head)));
                var (status, body) = _answer();
                await RawServer.AnswerAsync(stream, status, body);
            }
        });
        _role = new(Role, new(_server.Address, "eu-central-1", "sts", "2011-06-15"), _time);
    }

    public void Dispose()
    {
        _role.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task ItIsAskedForOnceAndAgainBeforeItEnds()
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _role.GetAsync(Own)));
        Assert.All(sessions, session => Assert.Equal(new("key1", "hidden", "token"), session));
        Assert.Equal(
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Flogs"
            + "&RoleSessionName=vigil&ExternalId=blue+%2F+7", Assert.Single(_asked));

        _time.Advance(TimeSpan.FromMinutes(51));
        Assert.Equal("key2", (await _role.GetAsync(Own)).AccessKey);
        _role.Forget();
        Assert.Equal("key3", (await _role.GetAsync(Own)).AccessKey);
    }

    [Fact]
    public async Task WhatIsStillGoodIsUsedWhileItCannotBeRenewed()
    {
        await _role.GetAsync(Own);
        _answer = () => (500, "");
        _time.Advance(TimeSpan.FromMinutes(55));
        Assert.Equal("key1", (await _role.GetAsync(Own)).AccessKey);

        _time.Advance(TimeSpan.FromMinutes(6));
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => _role.GetAsync(Own));
        Assert.Contains("HTTP 500", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Thousands of requests would each wait for a service that is away.</summary>
    [Fact]
    public async Task AServiceThatFailsIsNotAskedByEveryRequest()
    {
        _answer = () => (500, "");
        for (var i = 0; i < 20; i++)
        {
            var fault = await Assert.ThrowsAsync<HttpRequestException>(() => _role.GetAsync(Own));
            Assert.Equal(HttpRequestError.UserAuthenticationError, fault.HttpRequestError);
        }

        Assert.Single(_asked);
        _answer = () => (200, Session("mended"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("mended", (await _role.GetAsync(Own)).AccessKey);
    }

    [Theory]
    [InlineData(403, "<E><Error><Code>AccessDenied</Code><Message>not you</Message></Error></E>",
        "AccessDenied: not you")]
    [InlineData(403, "<html>", "the answer is none of the service's (HTTP 403)")]
    [InlineData(200, "<html>", "the answer is none of the service's")]
    [InlineData(200, "<a><Credentials/></a>", "the answer is none of the service's")]
    [InlineData(200, "", "the answer is none of the service's")]
    public async Task WhyItCannotBeAssumedIsSaid(int status, string body, string fault)
    {
        _answer = () => (status, body);

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => _role.GetAsync(Own));

        Assert.StartsWith(
            $"the role {Role.Arn} cannot be assumed: {fault}", thrown.Message, StringComparison.Ordinal);
    }

    string Session(string key) => string.Create(CultureInfo.InvariantCulture, $"""
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>hidden</SecretAccessKey><SessionToken>token</SessionToken>
        <Expiration>{_time.GetUtcNow().AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration>
        </Credentials></AssumeRoleResult></AssumeRoleResponse>
        """);
}
