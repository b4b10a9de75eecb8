using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class DeleteRetentionPolicy
{
    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.DeleteRetentionPolicyRequest);
        new Constraints().GroupName(request.LogGroupName).Check();
        await call.Cloud.Store.WriteAsync(
            connection =>
            {
                var group = GroupOf.Name(connection, request.LogGroupName);
                GroupTable.SetRetention(connection, group.Id, days: null);
                return true;
            },
            call.Cancel);
    }
}
