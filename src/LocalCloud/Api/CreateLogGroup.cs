using CloudWatch;
using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class CreateLogGroup
{
    /// <summary>The classes a group can be of. API: CreateLogGroup.</summary>
    public static readonly IReadOnlyList<string> Classes = ["STANDARD", "INFREQUENT_ACCESS", "ESSENTIALS", "DELIVERY"];

    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.CreateLogGroupRequest);
        Constrain(request).Check();
        var name = request.LogGroupName!;
        if (name.StartsWith("aws/", StringComparison.Ordinal))
            throw RefusedException.Invalid("Log groups starting with AWS/ are reserved for AWS.");

        var row = new GroupRow(0, name, call.Cloud.Now, null, request.LogGroupClass ?? Classes[0], request.KmsKeyId,
            request.DeletionProtectionEnabled ?? false);
        await call.Cloud.Store.WriteAsync(
            connection =>
            {
                if (GroupTable.Find(connection, name) is not null)
                {
                    throw new RefusedException(
                        ErrorTypes.ResourceAlreadyExists, "The specified log group already exists");
                }

                GroupTable.Add(connection, row, request.Tags);
                return true;
            },
            call.Cancel);
    }

    static Constraints Constrain(CreateLogGroupRequest request)
    {
        var constraints = new Constraints().GroupName(request.LogGroupName)
            .Length("kmsKeyId", request.KmsKeyId, 0, Limits.KmsKeyLength)
            .OneOf("logGroupClass", request.LogGroupClass, Classes)
            .Count("tags", request.Tags?.Count, 1, Limits.Tags);
        foreach (var (key, value) in request.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            constraints.Length("tags", key, 1, Limits.TagKeyLength)
                .Required($"tags.{key}.member", value is not null)
                .Length($"tags.{key}.member", value, 0, Limits.TagValueLength);
        }

        return constraints;
    }
}
