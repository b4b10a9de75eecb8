using Agent.Aws;
using CloudWatch.Wire;

namespace Agent.Commands;

/// <summary>Reads the lines of a run back from the service.</summary>
sealed class LedgerReader(LogsClient client, FilterLogEventsRequest request, LedgerLine line, TimeProvider time)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Stamps may be parsed in another time zone than they were written in.
    static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    List<int> _arrivals = [];

    /// <summary>Why the service could not be read last; null when it could.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Asks for every log event with the run's id in it.</summary>
    public static FilterLogEventsRequest Request(string group, string? stream, LedgerRun run) => new()
    {
        LogGroupName = group,
        LogStreamNames = stream is null ? null : [stream],
        FilterPattern = $"\"{run.Id}\"",
        StartTime = Math.Max(0, (run.Began - Slack).ToUnixTimeMilliseconds())
    };

    /// <summary>Reads again and again until all lines are there or the time is over.</summary>
    /// <param name="looked">Is told of each look.</param>
    /// <returns>What the last look found. The token ends it, too.</returns>
    public async Task<LedgerBalance> CompleteAsync(
        int written, TimeSpan timeout, Action<LedgerBalance> looked, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            await LookAsync(cancel);
            var balance = LedgerBalance.Of(_arrivals, written);
            looked(balance);
            if (balance.Missing.Count == 0 || cancel.IsCancellationRequested
                || time.GetElapsedTime(began) + Pause > timeout)
            {
                return balance;
            }

            await Task.Delay(Pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            _arrivals = await ReadAsync(cancel);
            Trouble = null;
        }
        catch (Exception e) when (IsPassing(e, cancel))
        {
            Trouble = e.Message; // what an earlier look found still holds
        }
    }

    // What is refused for good is the caller's to mend. A group that is not there yet may be made by the agent.
    static bool IsPassing(Exception e, CancellationToken cancel) => e switch
    {
        ServiceException service => service.Type is ErrorTypes.ResourceNotFound or ErrorTypes.Throttling
            or ErrorTypes.ServiceUnavailable or ErrorTypes.InternalServer,
        OperationCanceledException => cancel.IsCancellationRequested,
        _ => e is HttpRequestException or TimeoutException or IOException
    };

    async Task<List<int>> ReadAsync(CancellationToken cancel)
    {
        var arrivals = new List<int>();
        var next = request;
        do
        {
            var page = await client.CallAsync(
                LogsApi.FilterLogEvents, next, LogsJson.Wire.FilterLogEventsRequest,
                LogsJson.Wire.FilterLogEventsResponse, cancel);
            arrivals.AddRange(page.Events.Select(one => line.NumberOf(one.Message ?? "")));
            next = next with { NextToken = page.NextToken };
        }
        while (next.NextToken is not null);
        return arrivals;
    }
}
