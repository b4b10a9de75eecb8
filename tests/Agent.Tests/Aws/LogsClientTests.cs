using System.Text;
using Agent.Aws;
using Agent.Events;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>What PutLogEvents says beside the events.</summary>
[Collection(AwsEnvironment.Collection)]
public sealed class LogsClientTests : IDisposable
{
    readonly AwsEnvironment _environment = new();

    public void Dispose() => _environment.Dispose();

    [Theory]
    [InlineData(null, null, null, "")]
    [InlineData("shop", "production", "i-1", """
        "entity":{"keyAttributes":{"Type":"Service","Name":"shop","Environment":"production"},
        "attributes":{"PlatformType":"AWS::EC2","AWS.ServiceNameSource":"UserConfiguration","EC2.InstanceId":"i-1"}},
        """)]
    [InlineData(null, "test", null, """
        "entity":{"keyAttributes":{"Type":"Service","Name":"UnknownService","Environment":"test"},
        "attributes":{"PlatformType":"Generic","AWS.ServiceNameSource":"Unknown"}},
        """)]
    [InlineData("shop", null, "i-1", """
        "entity":{"keyAttributes":{"Type":"Service","Name":"shop","Environment":"ec2:default"},
        "attributes":{"PlatformType":"AWS::EC2","AWS.ServiceNameSource":"UserConfiguration","EC2.InstanceId":"i-1"}},
        """)]
    public async Task TheEntityIsSaidWhereItIsConfigured(
        string? service, string? environment, string? instance, string entity)
    {
        var target = Some.Target with
        {
            Workload = service is null && environment is null ? null : new(service, environment, instance)
        };

        var (_, body) = await PutAsync(target, hasMetrics: false);

        Assert.Equal(
            $$"""{"logGroupName":"group","logStreamName":"stream",{{entity.ReplaceLineEndings("")}}"logEvents":[1]}""",
            body);
    }

    [Theory]
    [InlineData(true, "json/emf")]
    [InlineData(false, null)]
    public async Task ABatchWithEmbeddedMetricsSaysSo(bool hasMetrics, string? header)
    {
        var (head, _) = await PutAsync(Some.Target, hasMetrics);

        const string Name = "x-amzn-logs-format: ";
        Assert.Equal(
            header, head.Find(line => line.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..]);
    }

    static async Task<(List<string> Head, string Body)> PutAsync(LogTarget target, bool hasMetrics)
    {
        List<string> head = [];
        byte[] body = [];
        using var server = new RawServer(async stream =>
        {
            head = await RawServer.ReadHeadAsync(stream);
            body = await RawServer.ReadBodyAsync(stream, head);
            await RawServer.AnswerAsync(stream, 200, "{}", "x-amzn-RequestId: the-id");
        });
        var time = new ServiceTime(new FakeTimeProvider(), new CollectingLog());
        using var sender = new SignedSender(new(server.Address, "eu-central-1"), new(isLoopback: true), time);
        await new LogsClient(sender).PutAsync(
            target, ["1"u8.ToArray()], hasMetrics, TestContext.Current.CancellationToken);
        return (head, Encoding.UTF8.GetString(body));
    }
}
