namespace CloudWatch.Wire;

/// <summary>How the CloudWatch API is spoken: AWS JSON 1.0, as the SDKs do since the end of 2025; before, and by older
/// services that are compatible, as forms (the Query protocol). Source: spec/metrics-alarms.md, section 1.</summary>
public static class MetricsApi
{
    /// <summary>The service's name in a SigV4 credential scope and in its endpoints.</summary>
    public const string Service = "monitoring";

    /// <summary>What stands before the action's name in X-Amz-Target.</summary>
    public const string TargetPrefix = "GraniteServiceVersion20100801.";

    /// <summary>The media type of requests and answers in JSON.</summary>
    public const string ContentType = "application/x-amz-json-1.0";

    /// <summary>Of the API, as forms name it.</summary>
    public const string Version = "2010-08-01";

    public const string PutMetricData = "PutMetricData";
}
