using CloudWatch;
using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class GetLogEvents
{
    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.GetLogEventsRequest);
        GroupOf.Constrain(request.LogGroupName, request.LogGroupIdentifier)
            .StreamName(request.LogStreamName)
            .Range("startTime", request.StartTime, 0)
            .Range("endTime", request.EndTime, 0)
            .Length("nextToken", request.NextToken, 1, int.MaxValue)
            .Range("limit", request.Limit, 1, Limits.EventsPage)
            .Check();
        using var page = new EventPage(request.Limit ?? Limits.EventsPage);
        var (tokens, backwards) = await call.Cloud.Store.ReadAsync(
            connection => Read(call.Cloud, connection, request, page), call.Cancel);
        EventsAnswer.Write(call, page, backwards, tokens.Forward, tokens.Backward);
    }

    static ((string Forward, string Backward) Tokens, bool Backwards) Read(
        Cloud cloud, Connection connection, GetLogEventsRequest request, EventPage page)
    {
        var group = GroupOf.Request(connection, request.LogGroupName, request.LogGroupIdentifier);
        var stream = StreamTable.Find(connection, group.Id, request.LogStreamName!)
            ?? throw RefusedException.NoStream();
        var token = EventsToken.Read(request.NextToken, stream.Id);

        // The token decides the direction: it was made for one.
        var backwards = token?.Backwards ?? !(request.StartFromHead ?? false);
        var range = new EventRange(
            group.Id, stream.Id, token?.Position,
            Math.Max(request.StartTime ?? 0, group.OldestShown(cloud.Now)),
            request.EndTime ?? EventPosition.EndOfTime, backwards);
        Fill(connection, range, page);
        return (TokensAround(page, range, token?.Position, stream.Id), backwards);
    }

    static void Fill(Connection connection, EventRange range, EventPage page)
    {
        var rows = EventTable.Read(connection, range);
        while (rows.Step())
        {
            if (!page.TryAdd(EventTable.PositionOf(rows), rows.Long(3), rows.Blob(4)))
            {
                rows.Reset();
                return;
            }
        }
    }

    // Both tokens exclude the position they name. Where a page is empty, the way it was read goes on at the same
    // place, so that a caller at the end gets back the token it sent, and the other way takes that place in again.
    static (string Forward, string Backward) TokensAround(
        EventPage page, EventRange range, EventPosition? sent, long scope)
    {
        EventPosition newest, oldest;
        if (page.Count > 0)
        {
            var (first, last) = (page.PositionAt(0), page.PositionAt(page.Count - 1));
            (oldest, newest) = range.Backwards ? (last, first) : (first, last);
        }
        else
        {
            var here = sent ?? EventPosition.Before(range.Backwards ? range.End : range.Start);
            newest = range.Backwards ? here with { Sequence = Math.Max(here.Sequence - 1, 0) } : here;
            oldest = range.Backwards ? here : here with { Sequence = here.Sequence + 1 };
        }

        return (EventsToken.Forward(newest, scope), EventsToken.Backward(oldest, scope));
    }
}
