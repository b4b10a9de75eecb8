using CloudWatch;
using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class DescribeLogStreams
{
    const string ByName = "LogStreamName";
    const string ByLastEvent = "LastEventTime";

    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.DescribeLogStreamsRequest);
        GroupOf.Constrain(request.LogGroupName, request.LogGroupIdentifier)
            .StreamName(request.LogStreamNamePrefix, "logStreamNamePrefix", required: false)
            .OneOf("orderBy", request.OrderBy, [ByName, ByLastEvent])
            .Length("nextToken", request.NextToken, 1, int.MaxValue)
            .Range("limit", request.Limit, 1, Limits.DescribePage)
            .Check();
        if (request is { OrderBy: ByLastEvent, LogStreamNamePrefix: not null })
            throw RefusedException.Invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");

        ListToken? from = request.NextToken is not { } token ? null
            : ListToken.TryParse(token, out var page) ? page : throw RefusedException.BadToken();
        var response = await call.Cloud.Store.ReadAsync(
            connection => Page(call.Cloud, connection, request, from), call.Cancel);
        call.Write(response, LogsJson.Wire.DescribeLogStreamsResponse);
    }

    static DescribeLogStreamsResponse Page(
        Cloud cloud, Connection connection, DescribeLogStreamsRequest request, ListToken? from)
    {
        var group = GroupOf.Request(connection, request.LogGroupName, request.LogGroupIdentifier);
        var limit = request.Limit ?? Limits.DescribePage;
        var found = Rows(connection, group.Id, request, from).Take(limit + 1).ToList();
        return new()
        {
            LogStreams = found.Take(limit).Select(row => Shown(cloud, connection, group, row)).ToList(),
            NextToken = found.Count > limit
                ? new ListToken(found[limit].Name, found[limit].LastEvent ?? StreamTable.NoEvent).ToString()
                : null
        };
    }

    static IEnumerable<StreamRow> Rows(
        Connection connection, long groupId, DescribeLogStreamsRequest request, ListToken? from)
    {
        var descending = request.Descending ?? false;
        if (request.OrderBy == ByLastEvent)
        {
            return StreamTable.ByLastEvent(
                connection, groupId, from is { } token ? (token.Time, token.Name) : null, descending);
        }

        // Names that share a prefix lie together, whichever way they are read.
        var prefix = request.LogStreamNamePrefix ?? "";
        return StreamTable.ByName(connection, groupId, from?.Name ?? (descending ? null : prefix), descending)
            .SkipWhile(row => descending && !row.Name.StartsWith(prefix, StringComparison.Ordinal))
            .TakeWhile(row => row.Name.StartsWith(prefix, StringComparison.Ordinal));
    }

    // Events past retention are gone for a reader even where the sweep has not come by yet.
    static LogStream Shown(Cloud cloud, Connection connection, GroupRow group, StreamRow row)
    {
        var oldest = group.OldestShown(cloud.Now);
        var hasEvents = row.LastEvent >= oldest;
        return new()
        {
            LogStreamName = row.Name,
            CreationTime = row.Created,
            FirstEventTimestamp = hasEvents && row.FirstEvent < oldest
                ? EventTable.FirstFrom(connection, row.Id, oldest)
                : hasEvents ? row.FirstEvent : null,
            LastEventTimestamp = hasEvents ? row.LastEvent : null,
            LastIngestionTime = row.LastIngested,
            Arn = $"{cloud.GroupArn(group.Name)}:log-stream:{row.Name}",
            StoredBytes = 0
        };
    }
}
