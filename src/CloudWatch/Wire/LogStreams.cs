namespace CloudWatch.Wire;

// Requests and answers of the log stream actions, with the service's own member names (API reference of each action).

public sealed record CreateLogStreamRequest
{
    public string? LogGroupName { get; init; }
    public string? LogStreamName { get; init; }
}

public sealed record DeleteLogStreamRequest
{
    public string? LogGroupName { get; init; }
    public string? LogStreamName { get; init; }
}

public sealed record DescribeLogStreamsRequest
{
    public string? LogGroupName { get; init; }
    public string? LogGroupIdentifier { get; init; }
    public string? LogStreamNamePrefix { get; init; }

    /// <summary><c>LogStreamName</c> (when absent) or <c>LastEventTime</c>.</summary>
    public string? OrderBy { get; init; }

    public bool? Descending { get; init; }
    public int? Limit { get; init; }
    public string? NextToken { get; init; }
}

public sealed record DescribeLogStreamsResponse
{
    public IReadOnlyList<LogStream> LogStreams { get; init; } = [];
    public string? NextToken { get; init; }
}

/// <summary>A log stream as DescribeLogStreams shows it. Times are milliseconds since 1970 in UTC; a stream without
/// events has none but its creation.</summary>
public sealed record LogStream
{
    public string? LogStreamName { get; init; }
    public long? CreationTime { get; init; }
    public long? FirstEventTimestamp { get; init; }
    public long? LastEventTimestamp { get; init; }
    public long? LastIngestionTime { get; init; }
    public string? UploadSequenceToken { get; init; }
    public string? Arn { get; init; }

    /// <summary>Always 0 since 2019 (API: LogStream).</summary>
    public long? StoredBytes { get; init; }
}
