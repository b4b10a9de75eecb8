using Agent.Config.Expressions;
using Agent.Config.Merging;
using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>What is watched for and measured on the host, who is told, and what is published: <c>vigil.detections</c>,
/// <c>vigil.packs</c>, <c>vigil.notifications</c>, <c>vigil.nat_gateway</c> and <c>vigil.metrics</c>.</summary>
public sealed record WatchSection(
    IReadOnlyList<DetectionSettings> Detections, IReadOnlyList<NotificationSettings> Notifications,
    NatGatewaySettings? NatGateway, MetricsSettings Metrics)
{
    static readonly string[] Keys =
        ["detections", "packs", "notifications", "nat_gateway", "metrics", "journald_directory"];

    ObjectValue? Written { get; init; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Detections.Count == 0 && NatGateway is null && !Metrics.HasHeartbeat;

    /// <summary>Whether another says the same, wherever it stands.</summary>
    public bool SaysTheSameAs(WatchSection other) =>
        Keys.All(key => AreSame(Written?.Member(key)?.Value, other.Written?.Member(key)?.Value));

    internal static WatchSection From(ObjectValue? vigil) => new(
        [
            .. Objects(vigil, "detections").Select(DetectionSettings.From),
            .. Objects(vigil, "packs").SelectMany(DetectionSettings.AllOf)
        ],
        [.. Objects(vigil, "notifications").Select(NotificationSettings.From)],
        vigil?.Section("nat_gateway") is { } gateway ? NatGatewaySettings.From(gateway) : null,
        MetricsSettings.From(vigil?.Section("metrics")))
    {
        Written = vigil
    };

    static IEnumerable<ObjectValue> Objects(ObjectValue? section, string key) =>
        section?.List(key)?.Items.OfType<ObjectValue>() ?? [];

    static bool AreSame(Value? one, Value? other) =>
        one is null || other is null ? one == other : SameValue.Is(one, other);
}

/// <summary>One of <c>vigil.detections</c>.</summary>
/// <param name="NotifyOn">ALARM, OK or INSUFFICIENT_DATA.</param>
/// <param name="Lines">How many lines are told with an alarm.</param>
public sealed record DetectionSettings(
    string Name, string? Description, AlarmSettings Alarm, IReadOnlyList<string> Notify, IReadOnlyList<string> NotifyOn,
    int Lines)
{
    /// <summary>The lines that are watched; null where it is a metric of the host.</summary>
    public WatchedLines? Watched { get; init; }

    /// <summary>The metric of the host that is watched; null where it is lines.</summary>
    public HostMetric? Measured { get; init; }

    /// <summary>As what the metric is published; null where it is for this host only.</summary>
    public PublishedMetric? Published { get; init; }

    /// <summary>What is left out of lines that are told.</summary>
    public IReadOnlyList<Expression> Redacted { get; init; } = [];

    const int UsualLines = 10;
    static readonly IReadOnlyList<string> UsualStates = ["ALARM", "OK"];

    internal static DetectionSettings From(ObjectValue detection)
    {
        var metric = detection.Section("metric");
        return new(
            detection.Text("name")!, detection.Text("description"), AlarmSettings.From(
                detection.Section("alarm")!, isOfHost: detection.Member("metric_name") is not null),
            Texts(detection, "notify"), Texts(detection, "notify_on") is { Count: > 0 } states ? states : UsualStates,
            (int?)detection.Whole("lines") ?? UsualLines)
        {
            Watched = detection.Text("file_path") is { } path
                ? new(path, detection.Text("pattern")!, metric?.Text("value") ?? "1", metric?.Number("default_value"))
                {
                    FromBeginning = detection.Text("start_position") == "beginning"
                }
                : null,
            Measured = HostMetric.All.FirstOrDefault(one => one.Name == detection.Text("metric_name")),
            Published = metric?.Text("namespace") is { } space
                ? new(
                    space, metric.Text("name") ?? detection.Text("name")!, metric.Text("unit") ?? MetricUnits.None,
                    DimensionsOf(metric))
                : null,
            Redacted = RedactedBy(detection)
        };
    }

    /// <summary>The detections of a pack that is asked for.</summary>
    internal static IEnumerable<DetectionSettings> AllOf(ObjectValue pack) =>
        from one in DetectionPack.All.First(known => known.Name == pack.Text("name")).Detections
        select new DetectionSettings(
            one.Name, one.Description, one.Alarm, Texts(pack, "notify"), UsualStates,
            (int?)pack.Whole("lines") ?? UsualLines)
        {
            Watched = one.Pattern is { } pattern ? new(pack.Text("file_path")!, pattern, "1", null) : null,
            Measured = HostMetric.All.FirstOrDefault(metric => metric.Name == one.Measured),
            Redacted = RedactedBy(pack)
        };

    /// <summary>Names with selectors.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> DimensionsOf(ObjectValue? metric) =>
    [
        .. from member in metric?.Section("dimensions")?.Members ?? []
           where member.Value is TextValue
           orderby member.Name
           select new KeyValuePair<string, string>(member.Name, ((TextValue)member.Value).Text)
    ];

    static IReadOnlyList<Expression> RedactedBy(ObjectValue section) =>
        [.. Texts(section, "redact").Select(Expression.Of).OfType<Expression>()];

    static List<string> Texts(ObjectValue section, string key) =>
        [.. section.List(key)?.Items.OfType<TextValue>().Select(text => text.Text) ?? []];
}

/// <summary>Lines that a metric is made of.</summary>
/// <param name="Value">What a match counts for: a number, or a selector.</param>
/// <param name="DefaultValue">What each other line counts for; null for nothing.</param>
public sealed record WatchedLines(string FilePath, string Pattern, string Value, double? DefaultValue)
{
    /// <summary>Whether what a file holds at the very first start is watched too.</summary>
    public bool FromBeginning { get; init; }

    /// <summary>Whether it is entries of the systemd journal, as lines of syslog.</summary>
    public bool IsOfJournal => FilePath == CollectedJournal.Word;

    /// <summary>Whether the path is a pattern of paths.</summary>
    public bool IsPattern => GlobSyntax.IsPattern(FilePath);
}

/// <summary>A metric as it is published.</summary>
/// <param name="Dimensions">Names with selectors of their values.</param>
public sealed record PublishedMetric(
    string Namespace, string Name, string Unit, IReadOnlyList<KeyValuePair<string, string>> Dimensions);

/// <summary>When a detection raises its alarm, in the service's terms. Without a word on it missing data does not
/// breach, unlike the service's default: that a log says nothing of an attack is what one hopes for. A metric of the
/// host is another matter: an alarm does not end because it cannot be measured any more.</summary>
public sealed record AlarmSettings(
    string Statistic, int PeriodSeconds, int EvaluationPeriods, int? DatapointsToAlarm, double Threshold,
    string ComparisonOperator, string TreatMissingData)
{
    const int UsualPeriodSeconds = 300;

    internal static AlarmSettings Of(
        string statistic, string comparison, double threshold, string missingData = "notBreaching") =>
        new(statistic, UsualPeriodSeconds, 1, null, threshold, comparison, missingData);

    /// <param name="isOfHost">A metric that is measured each minute is missing only when nobody can tell.</param>
    internal static AlarmSettings From(ObjectValue alarm, bool isOfHost) => new(
        alarm.Text("statistic") ?? "Sum", (int?)alarm.Whole("period") ?? UsualPeriodSeconds,
        (int?)alarm.Whole("evaluation_periods") ?? 1, (int?)alarm.Whole("datapoints_to_alarm"),
        alarm.Number("threshold") ?? 0, alarm.Text("comparison_operator") ?? "GreaterThanThreshold",
        alarm.Text("treat_missing_data") ?? (isOfHost ? "missing" : "notBreaching"));
}

/// <summary>One of <c>vigil.notifications</c>; what does not go with its type is null.</summary>
/// <param name="Type">smtp, webhook, sns or journal.</param>
public sealed record NotificationSettings(string Name, string Type)
{
    public string? Host { get; init; }

    public int? Port { get; init; }

    /// <summary>starttls, tls or none.</summary>
    public string Security { get; init; } = "starttls";

    public string? User { get; init; }

    public string? PasswordFile { get; init; }

    public string? Sender { get; init; }

    public IReadOnlyList<string> To { get; init; } = [];

    public Uri? Url { get; init; }

    public string? SecretFile { get; init; }

    public string? TopicArn { get; init; }

    internal static NotificationSettings From(ObjectValue channel) => new(channel.Text("name")!, channel.Text("type")!)
    {
        Host = channel.Text("host"),
        Port = (int?)channel.Whole("port"),
        Security = channel.Text("security") ?? "starttls",
        User = channel.Text("user"),
        PasswordFile = channel.Text("password_file"),
        Sender = channel.Text("from"),
        To = [.. channel.List("to")?.Items.OfType<TextValue>().Select(text => text.Text) ?? []],
        Url = channel.Text("url") is { } url ? new(url) : null,
        SecretFile = channel.Text("secret_file"),
        TopicArn = channel.Text("topic_arn")
    };
}
