namespace CloudWatch;

/// <summary>Every number of CloudWatch Logs that Vigil relies on, each with where it is written down.</summary>
/// <remarks>Sources: "API" is the CloudWatch Logs API reference of the action named, "quotas" the user guide's page
/// "CloudWatch Logs quotas", "observed" an answer of the real service.</remarks>
public static class Limits
{
    /// <summary>What the service adds to each event's UTF-8 bytes when it measures a batch. API:
    /// PutLogEvents.</summary>
    public const int EventOverheadBytes = 26;

    /// <summary>A batch's messages in UTF-8 bytes, each with its overhead. API: PutLogEvents.</summary>
    public const int BatchBytes = 1_048_576;

    /// <summary>Log events in one batch. API: PutLogEvents.</summary>
    public const int BatchEvents = 10_000;

    /// <summary>The longest message, in UTF-8 bytes, that a batch can carry: the event limit is 1 MiB (quotas), but a
    /// lone event and its overhead must still fit the batch.</summary>
    public const int EventBytes = BatchBytes - EventOverheadBytes;

    /// <summary>First to last accepted timestamp of a batch; exactly this much is accepted. API:
    /// PutLogEvents.</summary>
    public static readonly TimeSpan BatchSpan = TimeSpan.FromHours(24);

    /// <summary>An event older than this is rejected, the rest of its batch is kept. API: PutLogEvents.</summary>
    public static readonly TimeSpan OldestEvent = TimeSpan.FromDays(14);

    /// <summary>An event further ahead than this is rejected, the rest of its batch is kept. API:
    /// PutLogEvents.</summary>
    public static readonly TimeSpan NewestEvent = TimeSpan.FromHours(2);

    /// <summary>Characters of a log group or log stream name. API: CreateLogGroup, CreateLogStream.</summary>
    public const int NameLength = 512;

    /// <summary>Characters of a filter pattern. API: FilterLogEvents.</summary>
    public const int FilterPatternLength = 1024;

    /// <summary>The greatest observation, and less its sign the least. API: PutMetricData.</summary>
    public static readonly double Observation = Math.Pow(2, 360);

    /// <summary>Metric data in one request. API: PutMetricData.</summary>
    public const int Datums = 1000;

    /// <summary>Bytes of such a request. API: PutMetricData.</summary>
    public const int MetricDataBytes = 1_000_000;

    /// <summary>Values that differ in one datum. API: MetricDatum.</summary>
    public const int DatumValues = 150;

    /// <summary>An observation that is older is refused. API: PutMetricData.</summary>
    public static readonly TimeSpan OldestObservation = TimeSpan.FromDays(14);

    /// <summary>Characters of the name of a metric, of a namespace and of a dimension. API: MetricDatum,
    /// Dimension.</summary>
    public const int MetricNameLength = 255;

    /// <summary>Characters of a dimension's value. API: Dimension.</summary>
    public const int DimensionValueLength = 1024;

    /// <summary>Dimensions of a metric filter. API: MetricTransformation.</summary>
    public const int MetricFilterDimensions = 3;

    /// <summary>Log groups or log streams on one page of a Describe action. API: DescribeLogGroups.</summary>
    public const int DescribePage = 50;

    /// <summary>Log events on one page. API: GetLogEvents, FilterLogEvents.</summary>
    public const int EventsPage = 10_000;

    /// <summary>Bytes of log events on one page. API: GetLogEvents, FilterLogEvents.</summary>
    public const int EventsPageBytes = 1_048_576;

    /// <summary>Log streams that one FilterLogEvents may name. API: FilterLogEvents.</summary>
    public const int FilterStreams = 100;

    /// <summary>Tags of one resource. API: CreateLogGroup.</summary>
    public const int Tags = 50;

    /// <summary>Characters of a tag's key. API: CreateLogGroup.</summary>
    public const int TagKeyLength = 128;

    /// <summary>Characters of a tag's value. API: CreateLogGroup.</summary>
    public const int TagValueLength = 256;

    /// <summary>The ARN of a KMS key, in characters. API: CreateLogGroup.</summary>
    public const int KmsKeyLength = 256;

    /// <summary>How long a page token stays good. API: GetLogEvents.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);

    /// <summary>How far a request's date may be from the service's clock. Source: SigV4, "Signature Version 4
    /// signing process", validity of a request.</summary>
    public static readonly TimeSpan SignatureWindow = TimeSpan.FromMinutes(15);

    /// <summary>The retention periods, in days, that PutRetentionPolicy takes. API: PutRetentionPolicy.</summary>
    public static readonly IReadOnlyList<int> RetentionDays =
    [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ];
}
