using CloudWatch;
using CloudWatch.Patterns;
using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class FilterLogEvents
{
    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.FilterLogEventsRequest);
        Constrain(request).Check();
        if (request.LogStreamNames is not null && request.LogStreamNamePrefix is not null)
        {
            throw RefusedException.Invalid(
                "LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.");
        }

        if (!FilterPattern.TryParse(request.FilterPattern ?? "", out var pattern, out var fault))
            throw RefusedException.Invalid(fault.ServiceMessage());

        using var page = new EventPage(request.Limit ?? Limits.EventsPage);
        var search = new EventSearch(page, pattern.Matcher());
        var (groupId, nextToken) = await call.Cloud.Store.ReadAsync(
            connection => Read(call.Cloud, connection, request, search), call.Cancel);
        EventsAnswer.Write(call, page, groupId, search.StreamNames, nextToken);
    }

    static Constraints Constrain(FilterLogEventsRequest request)
    {
        var constraints = GroupOf.Constrain(request.LogGroupName, request.LogGroupIdentifier)
            .StreamName(request.LogStreamNamePrefix, "logStreamNamePrefix", required: false)
            .Count("logStreamNames", request.LogStreamNames?.Count, 1, Limits.FilterStreams)
            .Range("startTime", request.StartTime, 0)
            .Range("endTime", request.EndTime, 0)
            .Length("filterPattern", request.FilterPattern, 0, Limits.FilterPatternLength)
            .Length("nextToken", request.NextToken, 1, int.MaxValue)
            .Range("limit", request.Limit, 1, Limits.EventsPage);
        foreach (var (index, name) in (request.LogStreamNames ?? []).Index())
            constraints.StreamName(name, Constraints.Element("logStreamNames", index));
        return constraints;
    }

    static (long GroupId, string? NextToken) Read(
        Cloud cloud, Connection connection, FilterLogEventsRequest request, EventSearch search)
    {
        var group = GroupOf.Request(connection, request.LogGroupName, request.LogGroupIdentifier);
        var streams = (request.LogStreamNames ?? [])
            .Select(name => StreamTable.Find(connection, group.Id, name) ?? throw RefusedException.NoStream())
            .ToList();
        search.Only(streams, request.LogStreamNamePrefix);

        // A page token decides the direction. The end is inclusive, unlike GetLogEvents.
        var token = EventsToken.Read(request.NextToken, group.Id);
        var range = new EventRange(
            group.Id,
            streams.Count == 1 ? streams[0].Id : null,
            token?.Position,
            Math.Max(request.StartTime ?? 0, group.OldestShown(cloud.Now)),
            Math.Min(request.EndTime ?? EventPosition.EndOfTime, EventPosition.EndOfTime) + 1,
            token?.Backwards ?? !(request.StartFromHead ?? true));
        return (group.Id, search.Run(connection, range) is not { } end ? null
            : range.Backwards ? EventsToken.Backward(end, group.Id) : EventsToken.Forward(end, group.Id));
    }
}
