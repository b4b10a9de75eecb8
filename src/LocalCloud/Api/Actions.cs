using System.Collections.Frozen;
using CloudWatch.Wire;

namespace LocalCloud.Api;

/// <summary>The actions this server knows, by the name in X-Amz-Target.</summary>
static class Actions
{
    static readonly FrozenDictionary<string, Func<Call, Task>> All = new Dictionary<string, Func<Call, Task>>
    {
        [LogsApi.CreateLogGroup] = CreateLogGroup.RunAsync,
        [LogsApi.DeleteLogGroup] = DeleteLogGroup.RunAsync,
        [LogsApi.DescribeLogGroups] = DescribeLogGroups.RunAsync,
        [LogsApi.CreateLogStream] = CreateLogStream.RunAsync,
        [LogsApi.DeleteLogStream] = DeleteLogStream.RunAsync,
        [LogsApi.DescribeLogStreams] = DescribeLogStreams.RunAsync,
        [LogsApi.PutRetentionPolicy] = PutRetentionPolicy.RunAsync,
        [LogsApi.DeleteRetentionPolicy] = DeleteRetentionPolicy.RunAsync,
        [LogsApi.PutLogEvents] = PutLogEvents.RunAsync,
        [LogsApi.GetLogEvents] = GetLogEvents.RunAsync,
        [LogsApi.FilterLogEvents] = FilterLogEvents.RunAsync
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="RefusedException">There is no such action.</exception>
    public static Func<Call, Task> Find(string target) =>
        target.StartsWith(LogsApi.TargetPrefix, StringComparison.Ordinal)
        && All.TryGetValue(target[LogsApi.TargetPrefix.Length..], out var action)
            ? action
            : throw new RefusedException(ErrorTypes.UnknownOperation, $"The operation '{target}' is not known.");
}
