using System.CommandLine;
using Agent.Aws;
using CloudWatch.Wire;

namespace Agent.Commands;

/// <summary><c>vigil logs streams</c>.</summary>
static class LogsStreamsCommand
{
    public static Command Create(Connection connection)
    {
        var group = new Argument<string>("GROUP") { Description = "The log group" };
        var command = new Command("streams", "List the log streams of a log group, the latest first") { group };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            using var sender = connection.Open(parsed);
            await ListAsync(new(sender), parsed.GetRequiredValue(group), cancel);
            return ExitCode.Done;
        });
        return command;
    }

    static async Task ListAsync(LogsClient client, string group, CancellationToken cancel)
    {
        var columns = new Columns("LOG STREAM", "FIRST EVENT", "LAST EVENT", "LAST INGESTION");
        string? token = null;
        do
        {
            var page = await client.CallAsync(
                LogsApi.DescribeLogStreams,
                new DescribeLogStreamsRequest
                {
                    LogGroupName = group,
                    OrderBy = "LastEventTime",
                    Descending = true,
                    NextToken = token
                },
                LogsJson.Wire.DescribeLogStreamsRequest,
                LogsJson.Wire.DescribeLogStreamsResponse,
                cancel);
            foreach (var stream in page.LogStreams)
            {
                columns.Add(
                    stream.LogStreamName,
                    Moment.Text(stream.FirstEventTimestamp),
                    Moment.Text(stream.LastEventTimestamp),
                    Moment.Text(stream.LastIngestionTime));
            }

            token = page.NextToken;
        }
        while (token is not null);
        columns.Print("no log stream");
    }
}
