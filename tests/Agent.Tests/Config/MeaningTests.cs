using System.Text;
using Agent.Config;
using Agent.Config.Model;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>What a good document comes to mean.</summary>
public sealed class MeaningTests
{
    [Fact]
    public void WhatIsNotWrittenIsAsTheCloudWatchAgentHasIt()
    {
        var configuration = Read("minimal.json");

        Assert.Null(configuration.Agent.Region);
        Assert.False(configuration.Agent.Debug);
        Assert.Null(configuration.Logs.EndpointOverride);
        Assert.Equal(TimeSpan.FromSeconds(5), configuration.Logs.ForceFlushInterval);
        Assert.Null(configuration.Vigil.Linger);
        Assert.Equal(24, configuration.Vigil.MemoryBudgetMegabytes);

        var file = Assert.Single(configuration.Logs.Files);
        Assert.Equal("/var/log/secure", file.LogGroupName);
        Assert.Equal("{instance_id}", file.LogStreamName);
        Assert.Null(file.LogGroupClass);
        Assert.Null(file.RetentionInDays);
        Assert.Equal(new Place("minimal.json", 5, 27), file.Place);
    }

    [Fact]
    public void WhatIsSaidOfTheJournalIsMeantOfItsEntries()
    {
        var (security, kernel) = (Read("every-journal-key.json").Logs.Journal[0],
            Read("every-journal-key.json").Logs.Journal[1]);

        // The word on one stream goes before that on the group.
        Assert.Equal(("json", "message"), (security.Format, kernel.Format));
        Assert.Equal((true, true), (security.StartsAtEnd, kernel.StartsAtEnd));
        Assert.Equal(("{hostname}", "{instance_id}"), (security.LogStreamName, kernel.LogStreamName));
        Assert.Equal(
            "-u sshd.service -u session-1.scope -u cron -p 7 SYSLOG_FACILITY=10 _UID=0 + SYSLOG_FACILITY=4",
            security.Asked);
        Assert.Equal("-p 4 _TRANSPORT=kernel", kernel.Asked);

        // Of includes one suffices.
        Assert.Equal(
            [(true, "(?:Failed|failure)|(?:Accepted)"), (false, @"pam_unix\(cron:session\)")],
            security.Filters.Select(filter => (filter.IsInclude, filter.Expression.Written)));
        Assert.Equal("/host/var/log/journal", kernel.Folder);
        Assert.Equal("arn:aws:iam::123456789012:role/logs", kernel.RoleArn);
    }

    [Fact]
    public void TheNearerWordOnServiceKeyAndTagsGoesFirst()
    {
        var files = Parse("""
            {
              "agent": { "service.name": "host", "deployment.environment": "production" },
              "logs": {
                "service.name": "shop",
                "logs_collected": { "files": { "collect_list": [
                  { "file_path": "/a", "service.name": "till" },
                  { "file_path": "/b", "deployment.environment": "test" }
                ] } }
              },
              "vigil": {
                "kms_key_id": "all", "log_group_tags": { "team": "ops" },
                "files": [ { "file_path": "/b", "kms_key_id": "b", "log_group_tags": { "team": "web", "x": "" } } ]
              }
            }
            """).Logs.Files;

        Assert.Equal(
            [("till", "production", "all"), ("shop", "test", "b")],
            files.Select(file => (file.ServiceName, file.DeploymentEnvironment, file.KmsKeyId)));
        Assert.Equal(new Dictionary<string, string> { ["team"] = "ops" }, files[0].LogGroupTags);
        Assert.Equal(new Dictionary<string, string> { ["team"] = "web", ["x"] = "" }, files[1].LogGroupTags);
    }

    [Fact]
    public void WhatIsWrittenIsTaken()
    {
        var configuration = Read("complete.json");

        Assert.Equal("eu-central-1", configuration.Agent.Region);
        Assert.True(configuration.Agent.Debug);
        Assert.Equal("", configuration.Agent.Logfile);
        Assert.Equal(new Uri("http://127.0.0.1:4566"), configuration.Logs.EndpointOverride);
        Assert.Equal(TimeSpan.FromSeconds(60), configuration.Logs.ForceFlushInterval);
        Assert.Equal(TimeSpan.FromMilliseconds(250), configuration.Vigil.Linger);
        Assert.Equal(64, configuration.Vigil.MemoryBudgetMegabytes);

        Assert.Collection(configuration.Logs.Files,
            file =>
            {
                Assert.Equal("/var/log/secure", file.FilePath);
                Assert.Equal("{account_id}/secure", file.LogGroupName);
                Assert.Equal("{hostname}-{date}", file.LogStreamName);
                Assert.Equal("INFREQUENT_ACCESS", file.LogGroupClass);
                Assert.Equal(365, file.RetentionInDays);
            },
            file =>
            {
                Assert.Equal("{ip_address}", file.LogStreamName);
                Assert.Null(file.RetentionInDays);
            });
    }

    [Theory]
    [InlineData("/var/log/a.log", "/var/log/a")]
    [InlineData("/var/log/secure", "/var/log/secure")]
    [InlineData("/var/log.d/secure", "/var/log.d/secure")]
    [InlineData("/var/log/a.log.1", "/var/log/a.log")]
    public void AFileWithoutAGroupGoesToThePathWithoutItsExtension(string path, string group)
    {
        var configuration = Read("minimal.json", "/var/log/secure", path);

        Assert.Equal(group, Assert.Single(configuration.Logs.Files).LogGroupName);
    }

    [Theory]
    [InlineData("logs.eu-central-1.amazonaws.com", "https://logs.eu-central-1.amazonaws.com/")]
    [InlineData("localhost:4566", "https://localhost:4566/")]
    [InlineData("http://[::1]:4566", "http://[::1]:4566/")]
    public void AnEndpointThatIsAHostMeansHttps(string written, string meant)
    {
        var configuration = Read("complete.json", "http://127.0.0.1:4566", written);

        Assert.Equal(meant, configuration.Logs.EndpointOverride?.AbsoluteUri);
    }

    static Configuration Read(string name, string replaced = "", string by = "")
    {
        var document = File.ReadAllText(Cases.PathOf("config/good/" + name));
        var changed = replaced.Length == 0 ? document : document.Replace(replaced, by, StringComparison.Ordinal);
        return Parse(changed, name);
    }

    static Configuration Parse(string document, string name = "config.json")
    {
        var result = ConfigurationReader.Read(name, Encoding.UTF8.GetBytes(document));
        return Assert.IsType<Configuration>(result.Configuration);
    }
}
