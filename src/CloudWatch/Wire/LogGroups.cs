namespace CloudWatch.Wire;

// Requests and answers of the log group actions, with the service's own member names (API reference of each action).
// Every member may be absent on the wire, so every member may be null here: what is required is said by the server.

public sealed record CreateLogGroupRequest
{
    public string? LogGroupName { get; init; }
    public string? KmsKeyId { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public string? LogGroupClass { get; init; }
    public bool? DeletionProtectionEnabled { get; init; }
}

public sealed record DeleteLogGroupRequest
{
    public string? LogGroupName { get; init; }
}

public sealed record DescribeLogGroupsRequest
{
    public string? LogGroupNamePrefix { get; init; }
    public string? LogGroupNamePattern { get; init; }
    public string? LogGroupClass { get; init; }
    public IReadOnlyList<string>? LogGroupIdentifiers { get; init; }
    public int? Limit { get; init; }
    public string? NextToken { get; init; }
}

public sealed record DescribeLogGroupsResponse
{
    public IReadOnlyList<LogGroup> LogGroups { get; init; } = [];
    public string? NextToken { get; init; }
}

/// <summary>A log group as DescribeLogGroups shows it. Times are milliseconds since 1970 in UTC.</summary>
public sealed record LogGroup
{
    public string? LogGroupName { get; init; }
    public long? CreationTime { get; init; }

    /// <summary>Days; absent where events never expire.</summary>
    public int? RetentionInDays { get; init; }

    public int? MetricFilterCount { get; init; }

    /// <summary>Ends in <c>:*</c>, unlike <see cref="LogGroupArn"/> (observed).</summary>
    public string? Arn { get; init; }

    public long? StoredBytes { get; init; }
    public string? KmsKeyId { get; init; }
    public string? LogGroupClass { get; init; }
    public string? LogGroupArn { get; init; }
    public bool? DeletionProtectionEnabled { get; init; }
}

public sealed record PutRetentionPolicyRequest
{
    public string? LogGroupName { get; init; }

    /// <summary>One of <see cref="Limits.RetentionDays"/>.</summary>
    public int? RetentionInDays { get; init; }
}

public sealed record DeleteRetentionPolicyRequest
{
    public string? LogGroupName { get; init; }
}
