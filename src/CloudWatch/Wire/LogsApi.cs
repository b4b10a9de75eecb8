namespace CloudWatch.Wire;

/// <summary>How the CloudWatch Logs API is spoken: AWS JSON 1.1, every action a POST to "/" that is told apart by
/// its X-Amz-Target header. Source: the service's public API model, metadata.</summary>
public static class LogsApi
{
    /// <summary>The service's name in a SigV4 credential scope and in its endpoints.</summary>
    public const string Service = "logs";

    /// <summary>What stands before the action's name in X-Amz-Target.</summary>
    public const string TargetPrefix = "Logs_20140328.";

    /// <summary>The media type of requests and answers.</summary>
    public const string ContentType = "application/x-amz-json-1.1";

    /// <summary>Tells by its value <see cref="MetricsFormat"/> that metrics are to be made of a batch's events. Not
    /// every region needs it. Source: user guide, "Using the PutLogEvents API to send manually-created embedded metric
    /// format logs".</summary>
    public const string FormatHeader = "x-amzn-logs-format";

    public const string MetricsFormat = "json/emf";

    public const string CreateLogGroup = "CreateLogGroup";
    public const string DeleteLogGroup = "DeleteLogGroup";
    public const string DescribeLogGroups = "DescribeLogGroups";
    public const string CreateLogStream = "CreateLogStream";
    public const string DeleteLogStream = "DeleteLogStream";
    public const string DescribeLogStreams = "DescribeLogStreams";
    public const string PutRetentionPolicy = "PutRetentionPolicy";
    public const string DeleteRetentionPolicy = "DeleteRetentionPolicy";
    public const string PutLogEvents = "PutLogEvents";
    public const string GetLogEvents = "GetLogEvents";
    public const string FilterLogEvents = "FilterLogEvents";
}
