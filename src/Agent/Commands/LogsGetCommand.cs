using System.CommandLine;
using Agent.Aws;
using CloudWatch;
using CloudWatch.Wire;

namespace Agent.Commands;

/// <summary><c>vigil logs get</c>: one stream from its beginning, or its last events.</summary>
static class LogsGetCommand
{
    public static Command Create(Connection connection)
    {
        var group = new Argument<string>("GROUP") { Description = "The log group" };
        var stream = new Argument<string>("STREAM") { Description = "The log stream" };
        var last = WholeNumber.Option(
            "--last", "N", $"Only the last N log events (at most {Limits.EventsPage})", 1, Limits.EventsPage);
        var plain = EventPrinter.PlainOption();
        var command = new Command("get", "Print the log events of one log stream") { group, stream, last, plain };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            using var sender = connection.Open(parsed);
            var request = new GetLogEventsRequest
            {
                LogGroupName = parsed.GetRequiredValue(group),
                LogStreamName = parsed.GetRequiredValue(stream),
                Limit = parsed.GetValue(last),
                StartFromHead = parsed.GetValue(last) is null
            };
            await PrintAsync(new(sender), request, new(parsed.GetValue(plain)), cancel);
            return ExitCode.Done;
        });
        return command;
    }

    static async Task PrintAsync(
        LogsClient client, GetLogEventsRequest request, EventPrinter printer, CancellationToken cancel)
    {
        while (true)
        {
            var page = await client.CallAsync(
                LogsApi.GetLogEvents, request, LogsJson.Wire.GetLogEventsRequest,
                LogsJson.Wire.GetLogEventsResponse, cancel);
            foreach (var one in page.Events)
            {
                printer.Print(one.Timestamp, null, one.Message);
            }

            // The last page of the newest events is all there is; reading forward ends when the token stays.
            if (request.StartFromHead != true || page.NextForwardToken == request.NextToken)
            {
                return;
            }

            request = request with { NextToken = page.NextForwardToken };
        }
    }
}
