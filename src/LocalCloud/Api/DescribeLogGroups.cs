using CloudWatch;
using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

static class DescribeLogGroups
{
    // Asking for one of these asks for both. API: DescribeLogGroups, logGroupClass.
    static readonly string[] SparingClasses = ["INFREQUENT_ACCESS", "ESSENTIALS"];

    public static async Task RunAsync(Call call)
    {
        var request = call.Read(LogsJson.Wire.DescribeLogGroupsRequest);
        Constrain(request).Check();
        if (request.LogGroupNamePrefix is not null && request.LogGroupNamePattern is not null)
        {
            throw RefusedException.Invalid(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        var from = FirstName(request);
        var response = await call.Cloud.Store.ReadAsync(
            connection => Page(call.Cloud, connection, request, from), call.Cancel);
        call.Write(response, LogsJson.Wire.DescribeLogGroupsResponse);
    }

    static Constraints Constrain(DescribeLogGroupsRequest request)
    {
        var constraints = new Constraints()
            .GroupName(request.LogGroupNamePrefix, "logGroupNamePrefix", required: false)
            .OneOf("logGroupClass", request.LogGroupClass, CreateLogGroup.Classes)
            .Count("logGroupIdentifiers", request.LogGroupIdentifiers?.Count, 1, Limits.DescribePage)
            .Length("nextToken", request.NextToken, 1, int.MaxValue)
            .Range("limit", request.Limit, 1, Limits.DescribePage);
        if (request.LogGroupNamePattern is { Length: > 0 } pattern)
            constraints.GroupName(pattern, "logGroupNamePattern");
        foreach (var (index, identifier) in (request.LogGroupIdentifiers ?? []).Index())
            constraints.Identifier(identifier, Constraints.Element("logGroupIdentifiers", index));
        return constraints;
    }

    static string FirstName(DescribeLogGroupsRequest request)
    {
        if (request.NextToken is null)
            return request.LogGroupNamePrefix ?? "";
        return ListToken.TryParse(request.NextToken, out var token)
            ? token.Name
            : throw RefusedException.Invalid(
                "Pagination token in request is invalid. Only token from previous list call or null is valid.");
    }

    static DescribeLogGroupsResponse Page(
        Cloud cloud, Connection connection, DescribeLogGroupsRequest request, string from)
    {
        var names = request.LogGroupIdentifiers?.Select(GroupOf.NameIn).ToHashSet(StringComparer.Ordinal);
        var prefix = request.LogGroupNamePrefix ?? "";
        var limit = request.Limit ?? Limits.DescribePage;
        var found = GroupTable.From(connection, from)
            .TakeWhile(group => group.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(group => group.Name.Contains(request.LogGroupNamePattern ?? "", StringComparison.Ordinal)
                && names?.Contains(group.Name) != false && IsOfClass(group, request.LogGroupClass))
            .Take(limit + 1).ToList();
        return new()
        {
            LogGroups = found.Take(limit)
                .Select(group => request.LogGroupNamePattern is null
                    ? Full(cloud, connection, group)
                    : Short(cloud, group))
                .ToList(),
            NextToken = found.Count > limit ? new ListToken(found[limit].Name).ToString() : null
        };
    }

    static bool IsOfClass(GroupRow group, string? asked) =>
        asked is null || group.Class == asked
        || (SparingClasses.Contains(asked) && SparingClasses.Contains(group.Class));

    static LogGroup Full(Cloud cloud, Connection connection, GroupRow group) => Short(cloud, group) with
    {
        RetentionInDays = (int?)group.RetentionDays,
        StoredBytes = GroupTable.StoredBytes(connection, group.Id),
        KmsKeyId = group.KmsKey,
        DeletionProtectionEnabled = group.Protected
    };

    // What a search by pattern answers (observed).
    static LogGroup Short(Cloud cloud, GroupRow group) => new()
    {
        LogGroupName = group.Name,
        CreationTime = group.Created,
        MetricFilterCount = 0,
        Arn = cloud.GroupArn(group.Name) + ":*",
        LogGroupArn = cloud.GroupArn(group.Name),
        LogGroupClass = group.Class
    };
}
