using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Names of log streams that depend on the instance.</summary>
public sealed class NamesTests : IDisposable
{
    readonly TestFolder _folder = new();

    [Fact]
    public async Task ReadingStartsAtOnceAndUploadingWaitsForTheInstancesId()
    {
        using var metadata = new MetadataService();
        using var log = new SecureLog(_folder["secure"]);
        log.Append(10);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Agent(cloud, metadata, "{instance_id}");
        await vigil.SaysAsync("reading from its beginning");
        await vigil.SaysAsync("metadata service does not answer");
        Assert.Null(await cloud.LastAsync(Configuration.Group, "i-UNKNOWN"));

        metadata.IsUp = true;
        await cloud.HasLastAsync(Configuration.Group, "i-0123456789abcdef0", SecureLog.Line(9));
    }

    [Fact]
    public async Task EveryPlaceholderIsFilledIn()
    {
        using var metadata = new MetadataService { IsUp = true };
        using var log = new SecureLog(_folder["secure"]);
        log.Append(1);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Agent(cloud, metadata, "{hostname}-{ip_address}-{aws_region}-{account_id}-{nonsense}");

        await cloud.HasLastAsync(
            Configuration.Group, "ip-10-10-20-20.ec2.internal-10.10.20.20-us-east-1-111122223333-{nonsense}",
            SecureLog.Line(0));
    }

    [Fact]
    public async Task NobodyIsAskedWhereNoNameDependsOnIt()
    {
        using var metadata = new MetadataService { IsUp = true };
        using var log = new SecureLog(_folder["secure"]);
        log.Append(1);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Agent(cloud, metadata, "web-1");

        await cloud.HasLastAsync(Configuration.Group, "web-1", SecureLog.Line(0));
        Assert.False(metadata.WasAsked);
    }

    /// <summary>As the exercise's configuration has none, and its host is an instance.</summary>
    [Fact]
    public async Task WhereNobodySaysTheRegionTheInstanceDoes()
    {
        using var metadata = new MetadataService { IsUp = true };
        var config = _folder["config.json"];
        await File.WriteAllTextAsync(
            config,
            """
            { "logs": { "logs_collected": { "files": { "collect_list": [ { "file_path": "/var/log/secure" } ] } } } }
            """,
            TestContext.Current.CancellationToken);
        await using var vigil = VigilProcess.Start(
            new Dictionary<string, string?> { ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata.Endpoint },
            "iam-policy", "--config", config);

        Assert.True(await vigil.ExitedAsync() == 0, vigil.Output);
        Assert.Contains($":logs:{MetadataService.Region}:", vigil.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    VigilProcess Agent(Cloud cloud, MetadataService metadata, string stream) => VigilProcess.Start(
        new Dictionary<string, string?> { ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadata.Endpoint },
        "run", "--config", Configuration.Write(_folder, cloud.Endpoint, stream), "--state", _folder["state"]);
}
