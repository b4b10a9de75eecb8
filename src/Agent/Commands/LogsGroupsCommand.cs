using System.CommandLine;
using Agent.Aws;
using CloudWatch.Wire;

namespace Agent.Commands;

/// <summary><c>vigil logs groups</c>.</summary>
static class LogsGroupsCommand
{
    public static Command Create(Connection connection)
    {
        var prefix = new Argument<string?>("PREFIX")
        {
            Description = "Only groups whose name begins so",
            Arity = ArgumentArity.ZeroOrOne
        };
        var command = new Command("groups", "List log groups") { prefix };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            using var sender = connection.Open(parsed);
            await ListAsync(new(sender), parsed.GetValue(prefix), cancel);
            return ExitCode.Done;
        });
        return command;
    }

    static async Task ListAsync(LogsClient client, string? prefix, CancellationToken cancel)
    {
        var columns = new Columns("LOG GROUP", "CLASS", "RETENTION", "BYTES", "CREATED");
        string? token = null;
        do
        {
            var page = await client.CallAsync(
                LogsApi.DescribeLogGroups,
                new DescribeLogGroupsRequest { LogGroupNamePrefix = prefix, NextToken = token },
                LogsJson.Wire.DescribeLogGroupsRequest,
                LogsJson.Wire.DescribeLogGroupsResponse,
                cancel);
            foreach (var group in page.LogGroups)
            {
                columns.Add(
                    group.LogGroupName,
                    group.LogGroupClass,
                    group.RetentionInDays is { } days ? $"{days} days" : "for ever",
                    $"{group.StoredBytes}",
                    Moment.Text(group.CreationTime));
            }

            token = page.NextToken;
        }
        while (token is not null);
        columns.Print("no log group");
    }
}
