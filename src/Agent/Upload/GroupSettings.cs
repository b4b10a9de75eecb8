using System.Collections.Concurrent;
using System.Text.Json;
using Agent.Events;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>Sees to it that a log group has the configured retention, once for each that is configured in a run, beside
/// the uploading and never in its way. A class cannot be changed once a group exists (API: CreateLogGroup), so a
/// different one is only said.</summary>
sealed partial class GroupSettings(CallAction call, Backoff backoff, TimeProvider time, ILogger log)
{
    const int MostTries = 5;

    readonly ConcurrentDictionary<(string Group, int? Days, string? Class), bool> _seen = new();

    /// <summary>A group was made, perhaps again: it has the settings of a new one.</summary>
    public void NoteMade(string group)
    {
        foreach (var seen in _seen.Keys.Where(seen => seen.Group == group))
        {
            _seen.TryRemove(seen, out _);
        }
    }

    /// <summary>Settles the group of a target that exists by now.</summary>
    public async Task SettleAsync(LogTarget target, CancellationToken cancel)
    {
        if ((target.RetentionDays is null && target.Class is null)
            || !_seen.TryAdd((target.Group, target.RetentionDays, target.Class), true))
        {
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            var fault = await TrySettleAsync(target, cancel);
            if (fault is null)
            {
                return;
            }

            if (attempt == MostTries)
            {
                LogNotSettled(target.Group, fault);
                return;
            }

            await Task.Delay(backoff.Soon(attempt, null), time, cancel);
        }
    }

    // Null when all is well, else what is in the way.
    async Task<string?> TrySettleAsync(LogTarget target, CancellationToken cancel)
    {
        try
        {
            var described = await DescribeAsync(target.Group, cancel);
            if (!described.IsSuccess)
            {
                return described.ErrorText();
            }

            var groups = JsonSerializer.Deserialize(described.Body.Span, LogsJson.Wire.DescribeLogGroupsResponse);
            var group = groups?.LogGroups?.FirstOrDefault(group => group.LogGroupName == target.Group);
            if (target.Class is { } wanted && group?.LogGroupClass is { } found && wanted != found)
            {
                LogOtherClass(target.Group, found, wanted);
            }

            if (target.RetentionDays is not { } days || group?.RetentionInDays == days)
            {
                return null;
            }

            var answer = await PutRetentionAsync(target.Group, days, cancel);
            return answer.IsSuccess ? null : answer.ErrorText();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is: a setting that cannot be made must never stop the shipping.
            return e.Message;
        }
    }

    Task<ServiceAnswer> DescribeAsync(string group, CancellationToken cancel) => call(
        LogsApi.DescribeLogGroups,
        JsonSerializer.SerializeToUtf8Bytes(
            new DescribeLogGroupsRequest { LogGroupNamePrefix = group }, LogsJson.Wire.DescribeLogGroupsRequest),
        cancel);

    async Task<ServiceAnswer> PutRetentionAsync(string group, int days, CancellationToken cancel)
    {
        var answer = await call(
            LogsApi.PutRetentionPolicy,
            JsonSerializer.SerializeToUtf8Bytes(
                new PutRetentionPolicyRequest { LogGroupName = group, RetentionInDays = days },
                LogsJson.Wire.PutRetentionPolicyRequest),
            cancel);
        if (answer.IsSuccess)
        {
            LogRetention(group, days);
        }

        return answer;
    }

    [LoggerMessage(510, LogLevel.Information, "Log group {Group} now keeps its events for {Days} days")]
    partial void LogRetention(string group, int days);

    [LoggerMessage(511, LogLevel.Warning,
        "Log group {Group} is of class {Found}, not {Wanted}: a group's class cannot be changed. Remove "
        + "log_group_class from the configuration, or choose another group")]
    partial void LogOtherClass(string group, string found, string wanted);

    [LoggerMessage(512, LogLevel.Warning,
        "The retention of log group {Group} could not be set: {Fault}. Log events go on being shipped; allow "
        + "logs:DescribeLogGroups and logs:PutRetentionPolicy and restart to have it set")]
    partial void LogNotSettled(string group, string fault);
}
