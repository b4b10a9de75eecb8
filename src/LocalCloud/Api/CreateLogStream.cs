using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class CreateLogStream
{
    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.CreateLogStreamRequest);
        new Constraints().GroupName(request.LogGroupName).StreamName(request.LogStreamName).Check();
        await call.Cloud.Store.WriteAsync(
            connection =>
            {
                var group = GroupOf.Name(connection, request.LogGroupName);
                if (StreamTable.Find(connection, group.Id, request.LogStreamName!) is not null)
                {
                    throw new RefusedException(
                        ErrorTypes.ResourceAlreadyExists, "The specified log stream already exists");
                }

                StreamTable.Add(connection, group.Id, request.LogStreamName!, call.Cloud.Now);
                return true;
            },
            call.Cancel);
    }
}
