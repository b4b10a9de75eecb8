using Agent.Config.Merging;
using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>What is watched for on the host, and who is told: <c>vigil.detections</c>, <c>vigil.packs</c> and
/// <c>vigil.notifications</c>.</summary>
public sealed record WatchSection(
    IReadOnlyList<DetectionSettings> Detections, IReadOnlyList<NotificationSettings> Notifications)
{
    Value? WrittenDetections { get; init; }

    Value? WrittenPacks { get; init; }

    Value? WrittenNotifications { get; init; }

    /// <summary>Whether another says the same, wherever it stands.</summary>
    public bool SaysTheSameAs(WatchSection other) =>
        AreSame(WrittenDetections, other.WrittenDetections)
        && AreSame(WrittenPacks, other.WrittenPacks)
        && AreSame(WrittenNotifications, other.WrittenNotifications);

    internal static WatchSection From(ObjectValue? vigil) => new(
        [
            .. Objects(vigil, "detections").Select(DetectionSettings.From),
            .. Objects(vigil, "packs").SelectMany(DetectionSettings.AllOf)
        ],
        [.. Objects(vigil, "notifications").Select(NotificationSettings.From)])
    {
        WrittenDetections = vigil?.List("detections"),
        WrittenPacks = vigil?.List("packs"),
        WrittenNotifications = vigil?.List("notifications")
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
    string Name, string? Description, string FilePath, string Pattern, string Value, double? DefaultValue,
    AlarmSettings Alarm, IReadOnlyList<string> Notify, IReadOnlyList<string> NotifyOn, int Lines)
{
    /// <summary>Whether what a file holds at the very first start is watched too.</summary>
    public bool FromBeginning { get; init; }

    /// <summary>Whether the path is a pattern of paths.</summary>
    public bool IsPattern => GlobSyntax.IsPattern(FilePath);

    const int UsualLines = 10;
    static readonly IReadOnlyList<string> UsualStates = ["ALARM", "OK"];

    internal static DetectionSettings From(ObjectValue detection)
    {
        var metric = detection.Section("metric");
        return new(
            detection.Text("name")!, detection.Text("description"), detection.Text("file_path")!,
            detection.Text("pattern")!, metric?.Text("value") ?? "1", metric?.Number("default_value"),
            AlarmSettings.From(detection.Section("alarm")!), Texts(detection, "notify") ?? [],
            Texts(detection, "notify_on") ?? UsualStates, (int?)detection.Whole("lines") ?? UsualLines)
        {
            FromBeginning = detection.Text("start_position") == "beginning"
        };
    }

    /// <summary>The detections of a pack that is asked for.</summary>
    internal static IEnumerable<DetectionSettings> AllOf(ObjectValue pack) =>
        from one in DetectionPack.All.First(known => known.Name == pack.Text("name")).Detections
        select new DetectionSettings(
            one.Name, one.Description, pack.Text("file_path")!, one.Pattern, "1", null,
            AlarmSettings.Above(one.Threshold),
            Texts(pack, "notify") ?? [], UsualStates, (int?)pack.Whole("lines") ?? UsualLines);

    static List<string>? Texts(ObjectValue section, string key) =>
        section.List(key)?.Items.OfType<TextValue>().Select(text => text.Text).ToList();
}

/// <summary>When a detection raises its alarm, in the service's terms. Without a word on it missing data does not
/// breach, unlike the service's default: that a log says nothing of an attack is what one hopes for.</summary>
public sealed record AlarmSettings(
    string Statistic, int PeriodSeconds, int EvaluationPeriods, int? DatapointsToAlarm, double Threshold,
    string ComparisonOperator, string TreatMissingData)
{
    const int UsualPeriodSeconds = 300;

    internal static AlarmSettings Above(double threshold) =>
        new("Sum", UsualPeriodSeconds, 1, null, threshold, "GreaterThanThreshold", "notBreaching");

    internal static AlarmSettings From(ObjectValue alarm) => new(
        alarm.Text("statistic") ?? "Sum", (int?)alarm.Whole("period") ?? UsualPeriodSeconds,
        (int?)alarm.Whole("evaluation_periods") ?? 1, (int?)alarm.Whole("datapoints_to_alarm"),
        alarm.Number("threshold") ?? 0, alarm.Text("comparison_operator") ?? "GreaterThanThreshold",
        alarm.Text("treat_missing_data") ?? "notBreaching");
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
