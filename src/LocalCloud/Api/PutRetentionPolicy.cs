using CloudWatch;
using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class PutRetentionPolicy
{
    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.PutRetentionPolicyRequest);
        var constraints = new Constraints().GroupName(request.LogGroupName)
            .Required("retentionInDays", request.RetentionInDays is not null);
        if (request.RetentionInDays is { } days)
            constraints.OneOf("retentionInDays", days, Limits.RetentionDays);
        constraints.Check();
        await call.Cloud.Store.WriteAsync(
            connection =>
            {
                var group = GroupOf.Name(connection, request.LogGroupName);
                GroupTable.SetRetention(connection, group.Id, request.RetentionInDays);
                return true;
            },
            call.Cancel);
        call.Cloud.Untidy();
    }
}
