using LocalCloud.Tests.Support;

namespace LocalCloud.Tests;

public sealed class AwsCliTests
{
    [Fact]
    public async Task The_AWS_command_line_creates_describes_puts_gets_filters_and_pages()
    {
        AwsCli.MustBeThere();
        await using var cloud = await StartAsync();
        Task<CliAnswer> Aws(params string[] arguments) => AwsCli.RunAsync(cloud.Server.Endpoint, arguments);

        await MustSucceedAsync(Aws("create-log-group", "--log-group-name", "/cli/g", "--tags", "a=b"));
        await MustSucceedAsync(Aws("create-log-stream", "--log-group-name", "/cli/g", "--log-stream-name", "s/1"));
        await MustSucceedAsync(Aws("put-retention-policy", "--log-group-name", "/cli/g", "--retention-in-days", "7"));
        var put = await Aws("put-log-events", "--log-group-name", "/cli/g", "--log-stream-name", "s/1", "--log-events",
            $$"""
            [{"timestamp":{{cloud.Now}},"message":"one"},{"timestamp":{{cloud.Now}},"message":"two é😀"},
             {"timestamp":{{cloud.Now + 1}},"message":"three"}]
            """);
        Assert.Equal(56, put.Json.GetProperty("nextSequenceToken").GetString()!.Length);

        var groups = await Aws("describe-log-groups", "--log-group-name-prefix", "/cli");
        Assert.Equal(7, groups.Json.GetProperty("logGroups")[0].GetProperty("retentionInDays").GetInt32());
        Assert.Equal(
            ["s/1"],
            (await Aws("describe-log-streams", "--log-group-name", "/cli/g", "--order-by", "LastEventTime"))
            .Texts("logStreams", "logStreamName"));
        Assert.Equal(["one", "two é😀", "three"], (await Aws("get-log-events", "--log-group-name", "/cli/g",
            "--log-stream-name", "s/1", "--start-from-head")).Texts("events", "message"));
        Assert.Equal(["one", "three"], (await Aws("filter-log-events", "--log-group-name", "/cli/g",
            "--filter-pattern", "?one ?three", "--page-size", "1")).Texts("events", "message"));

        var page = await Aws("filter-log-events", "--log-group-name", "/cli/g", "--max-items", "2", "--page-size", "1");
        Assert.Equal(["one", "two é😀"], page.Texts("events", "message"));
        Assert.Equal(["three"], (await Aws("filter-log-events", "--log-group-name", "/cli/g", "--page-size", "1",
            "--starting-token", page.Json.GetProperty("NextToken").GetString()!)).Texts("events", "message"));
        await MustSucceedAsync(Aws("delete-log-group", "--log-group-name", "/cli/g"));
    }

    [Theory]
    [InlineData("ResourceNotFoundException", "The specified log group does not exist.",
        "get-log-events", "--log-group-name", "none", "--log-stream-name", "s")]
    [InlineData("ResourceAlreadyExistsException", "The specified log group already exists",
        "create-log-group", "--log-group-name", "g")]
    [InlineData("InvalidParameterException", "Member must satisfy enum value set",
        "put-retention-policy", "--log-group-name", "g", "--retention-in-days", "2")]
    [InlineData("InvalidParameterException", "The specified nextToken is invalid.",
        "filter-log-events", "--log-group-name", "g", "--next-token", "x")]
    [InlineData("UnknownOperationException", "DescribeDestinations", "describe-destinations")]
    public async Task The_AWS_command_line_sees_the_errors_of_the_service(
        string type, string message, params string[] arguments)
    {
        AwsCli.MustBeThere();
        await using var cloud = await StartAsync();
        await MustSucceedAsync(AwsCli.RunAsync(cloud.Server.Endpoint, ["create-log-group", "--log-group-name", "g"]));
        var answer = await AwsCli.RunAsync(cloud.Server.Endpoint, arguments);
        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains($"({type})", answer.Errors, StringComparison.Ordinal);
        Assert.Contains(message, answer.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_AWS_command_line_is_refused_when_it_signs_with_another_secret()
    {
        AwsCli.MustBeThere();
        await using var cloud = await StartAsync();
        var refused = await AwsCli.RunAsync(cloud.Server.Endpoint, ["describe-log-groups"], secretKey: "wrong");
        Assert.Contains("(InvalidSignatureException)", refused.Errors, StringComparison.Ordinal);
        await MustSucceedAsync(AwsCli.RunAsync(cloud.Server.Endpoint, ["describe-log-groups"]));
    }

    // The command line signs by the machine's clock, so the server that verifies must have the same one.
    static Task<RunningCloud> StartAsync() => RunningCloud.StartAsync(
        accessKey: AwsCli.AccessKey, secretKey: AwsCli.SecretKey, at: TimeProvider.System.GetUtcNow());

    static async Task MustSucceedAsync(Task<CliAnswer> running)
    {
        var answer = await running;
        Assert.True(answer.ExitCode == 0, answer.Errors);
    }
}
