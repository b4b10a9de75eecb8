using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class PutLogEvents
{
    public static async Task RunAsync(Call call)
    {
        using var body = new PutBody(call.Body);
        BatchRules.CheckMembers(body);
        BatchRules.CheckWhole(body.Events);
        var response = await call.Cloud.Store.WriteAsync(
            connection => Store(call.Cloud, connection, body), call.Cancel);
        call.Write(response, LogsJson.Wire.PutLogEventsResponse);
    }

    static PutLogEventsResponse Store(Cloud cloud, Connection connection, PutBody body)
    {
        var group = GroupOf.Name(connection, body.LogGroupName);
        var stream = StreamTable.Find(connection, group.Id, body.LogStreamName!) ?? throw RefusedException.NoStream();
        var now = cloud.Now;
        var accepted = BatchRules.Sort(body.Events, now, group.OldestShown(now));
        var taken = body.Events[accepted.First..accepted.End];
        BatchRules.CheckSpan(taken);
        if (taken.Length > 0)
            EventTable.Append(connection, group.Id, stream.Id, now, body.Bytes, taken);
        return new()
        {
            // Nothing reads it back: the service stopped asking for it, but clients still expect one.
            NextSequenceToken = EventPosition.Before(now).ToDigits(stream.Id),
            RejectedLogEventsInfo = accepted.IsWhole ? null : accepted.Rejected
        };
    }
}
