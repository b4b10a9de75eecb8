using System.CommandLine;
using Agent.Aws;
using CloudWatch.Wire;

namespace Agent.Commands;

/// <summary><c>vigil logs tail</c>: the latest events of a group's streams, and with --follow what comes
/// after.</summary>
static class LogsTailCommand
{
    static readonly TimeSpan FollowInterval = TimeSpan.FromSeconds(1);

    public static Command Create(Connection connection)
    {
        var group = new Argument<string>("GROUP") { Description = "The log group" };
        var follow = new Option<bool>("--follow", "-f")
        {
            Description = "Go on printing what arrives until stopped (up to 15 minutes late)"
        };
        var since = new Option<string>("--since")
        {
            Description = "How far back to begin: 90s, 10m, 2h or 3d",
            HelpName = "TIME",
            DefaultValueFactory = _ => "10m"
        };
        var filter = new Option<string?>("--filter")
        {
            Description = "Only log events that match this CloudWatch filter pattern",
            HelpName = "PATTERN"
        };
        var streams = new Option<string[]>("--stream")
        {
            Description = "Only this log stream; may be given several times",
            HelpName = "STREAM"
        };
        var plain = EventPrinter.PlainOption();
        var command = new Command("tail", "Print the latest log events of a log group")
        {
            group, follow, since, filter, streams, plain
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            using var sender = connection.Open(parsed);
            var began = TimeProvider.System.GetUtcNow() - Moment.Span(parsed.GetRequiredValue(since));
            var request = new FilterLogEventsRequest
            {
                LogGroupName = parsed.GetRequiredValue(group),
                LogStreamNames = parsed.GetValue(streams) is { Length: > 0 } names ? names : null,
                FilterPattern = parsed.GetValue(filter),
                StartTime = Math.Max(0, began.ToUnixTimeMilliseconds())
            };
            var tail = new Tail(new(sender), new(parsed.GetValue(plain)));
            await tail.RunAsync(request, parsed.GetValue(follow), cancel);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Reads on by time, not by token: an event may arrive late, with a timestamp that was passed already.
    /// So each look begins at the last timestamp seen, less some slack, and what was printed is skipped by its
    /// id.</summary>
    sealed class Tail(LogsClient client, EventPrinter printer)
    {
        static readonly long SlackMilliseconds = (long)TimeSpan.FromMinutes(15).TotalMilliseconds;

        readonly Dictionary<string, long> _printed = [];

        public async Task RunAsync(FilterLogEventsRequest request, bool isFollowing, CancellationToken cancel)
        {
            await PrintAllAsync(request, cancel);
            if (_printed.Count == 0 && !isFollowing)
            {
                await Console.Error.WriteLineAsync("no log event; --since looks further back");
            }

            var isAway = false;
            while (isFollowing)
            {

                if (_printed.Count > 0)
                {
                    var from = Math.Max(request.StartTime ?? 0, _printed.Values.Max() - SlackMilliseconds);
                    request = request with { StartTime = from };
                    foreach (var (id, _) in _printed.Where(one => one.Value < from).ToList())
                    {
                        _printed.Remove(id);
                    }
                }

                await Task.Delay(FollowInterval, TimeProvider.System, cancel);
                try
                {
                    await PrintAllAsync(request, cancel);
                    isAway = false;
                }
                catch (Exception e) when (e is HttpRequestException or TimeoutException or IOException)
                {
                    if (!isAway)
                    {
                        await Console.Error.WriteLineAsync($"{e.Message}; trying again");
                    }

                    isAway = true;
                }
            }
        }

        async Task PrintAllAsync(FilterLogEventsRequest request, CancellationToken cancel)
        {
            do
            {
                var page = await client.CallAsync(
                    LogsApi.FilterLogEvents, request, LogsJson.Wire.FilterLogEventsRequest,
                    LogsJson.Wire.FilterLogEventsResponse, cancel);
                foreach (var one in page.Events)
                {
                    if (_printed.TryAdd(one.EventId ?? "", one.Timestamp ?? 0))
                    {
                        printer.Print(one.Timestamp, one.LogStreamName, one.Message);
                    }
                }

                request = request with { NextToken = page.NextToken };
            }
            while (request.NextToken is not null);
        }
    }
}
