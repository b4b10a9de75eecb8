using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class DeleteLogStream
{
    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.DeleteLogStreamRequest);
        new Constraints().GroupName(request.LogGroupName).StreamName(request.LogStreamName).Check();
        await call.Cloud.Store.WriteAsync(
            connection =>
            {
                var group = GroupOf.Name(connection, request.LogGroupName);
                var stream = StreamTable.Find(connection, group.Id, request.LogStreamName!)
                    ?? throw RefusedException.NoStream();
                StreamTable.Remove(connection, stream.Id);
                return true;
            },
            call.Cancel);
        call.Cloud.Untidy();
    }
}
