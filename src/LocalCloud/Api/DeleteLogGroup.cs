using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class DeleteLogGroup
{
    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.DeleteLogGroupRequest);
        new Constraints().GroupName(request.LogGroupName).Check();
        await call.Cloud.Store.WriteAsync(
            connection =>
            {
                var group = GroupOf.Name(connection, request.LogGroupName);
                if (group.Protected)
                {
                    throw new RefusedException(
                        ErrorTypes.Validation, "The log group has deletion protection enabled and cannot be deleted.");
                }

                GroupTable.Remove(connection, group.Id);
                return true;
            },
            call.Cancel);
        call.Cloud.Untidy();
    }
}
