using Agent.Config.Expressions;
using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>One entry of journald's <c>collect_list</c>: which entries of the systemd journal, and where they go.
/// </summary>
public sealed record CollectedJournal
{
    /// <summary>In the place of a file's path: what is watched for in the journal.</summary>
    public const string Word = "journald";

    /// <summary>What a log event says of an entry: all its fields, a line as syslog writes it, or its message.
    /// </summary>
    public static IReadOnlyList<string> Formats { get; } = ["json", "syslog", "message"];

    /// <summary>With its placeholders, as is <see cref="LogStreamName"/>.</summary>
    public required string LogGroupName { get; init; }

    public required string LogStreamName { get; init; }

    /// <summary>STANDARD or INFREQUENT_ACCESS; null leaves the choice to the service.</summary>
    public string? LogGroupClass { get; init; }

    /// <summary>Null leaves the group's retention as it is.</summary>
    public int? RetentionInDays { get; init; }

    /// <summary>The role that its events are sent as; null where the host's own credentials are.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The key that a group is encrypted with when it is made; null leaves it to the service.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The tags that a group gets when it is made; null for none.</summary>
    public IReadOnlyDictionary<string, string>? LogGroupTags { get; init; }

    /// <summary>None for all.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>The least priority: 0 for emerg, 7 for debug.</summary>
    public int Priority { get; init; } = Info;

    /// <summary>Fields with their values, of which one must hold as a whole; none for all entries.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Matches { get; init; } = [];

    /// <summary>One of <see cref="Formats"/>.</summary>
    public string Format { get; init; } = Formats[0];

    /// <summary>The journal's folder; null for this machine's own.</summary>
    public string? Folder { get; init; }

    /// <summary>What the journal holds at the agent's first start is passed over.</summary>
    public bool StartsAtEnd { get; init; } = true;

    public IReadOnlyList<FilterExpression> Filters { get; init; } = [];

    /// <summary>What of the journal is meant, as journalctl is asked for it; empty for all from info on.</summary>
    public string Asked => string.Join(
        ' ',
        [
            .. Units.Select(unit => $"-u {unit}"), .. Priority == Info ? (IEnumerable<string>)[] : [$"-p {Priority}"],
            string.Join(" + ", Matches.Select(match =>
                string.Join(' ', match.Select(one => $"{one.Key}={one.Value}"))))
        ]).TrimEnd();

    const int Info = 6;

    static readonly IReadOnlyList<string> Priorities =
        ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    // What was written of it, in one text: two entries that say the same have the same.
    string Written { get; init; } = "";

    /// <summary>Whether another entry asks for the same, wherever it stands.</summary>
    public bool SaysTheSameAs(CollectedJournal other) => Written == other.Written && RoleArn == other.RoleArn;

    /// <param name="streamName">Of entries that name none.</param>
    internal static CollectedJournal From(ObjectValue entry, string streamName, ObjectValue? vigil)
    {
        var (group, stream) = (entry.Text("log_group_name") ?? "", entry.Text("log_stream_name") ?? streamName);
        var extra = ExtrasOf(vigil).Where(one => IsAbout(one, group, stream))
            .MaxBy(one => one.Member("log_stream_name") is not null); // the one that names it goes before
        var said = new VigilFiles.Said(vigil, extra);
        var made = new CollectedJournal
        {
            LogGroupName = group,
            LogStreamName = stream,
            LogGroupClass = CollectedFile.ClassOf(entry.Text("log_group_class")),
            RetentionInDays = entry.Whole("retention_in_days") is > 0 and var days ? (int)days : null,
            RoleArn = said.Text("role_arn"),
            KmsKeyId = said.Text("kms_key_id"),
            LogGroupTags = said.Map("log_group_tags"),
            Units = [.. entry.List("units")?.Items.OfType<TextValue>().Select(unit => unit.Text) ?? []],
            Priority = entry.Text("priority") is { } priority ? PriorityOf(priority) : Info,
            Matches = [.. entry.List("matches")?.Items.OfType<ObjectValue>().Select(FieldsOf) ?? []],
            Format = extra?.Text("format") ?? vigil?.Text("journald_format") ?? Formats[0],
            Folder = vigil?.Text("journald_directory"),
            StartsAtEnd = said.Text("start_position") != "beginning",
            Filters = Together(FilterExpression.AllOf(entry))
        };
        return made with
        {
            Written = string.Join(
                '\n',
                [
                    made.Asked, group, stream, made.LogGroupClass, $"{made.RetentionInDays}", made.KmsKeyId,
                    made.Format, made.Folder, $"{made.StartsAtEnd}", Of(made.LogGroupTags),
                    .. made.Filters.Select(filter => $"{filter.IsInclude} {filter.Expression.Written}")
                ])
        };
    }

    internal static IEnumerable<ObjectValue> EntriesOf(ObjectValue? logs) =>
        logs?.Section("logs_collected")?.Section("journald")?.List("collect_list")?.Items.OfType<ObjectValue>() ?? [];

    /// <summary>What the vigil section says about single ones.</summary>
    internal static IEnumerable<ObjectValue> ExtrasOf(ObjectValue? vigil) =>
        vigil?.List("journald")?.Items.OfType<ObjectValue>() ?? [];

    internal static bool IsAbout(ObjectValue extra, string group, string stream) =>
        extra.Text("log_group_name") == group && (extra.Text("log_stream_name") ?? stream) == stream;

    // Of includes one lets an event pass, unlike with files: they are one expression. Source: CloudWatch agent.
    static List<FilterExpression> Together(IReadOnlyList<FilterExpression> filters)
    {
        var includes = filters.Where(filter => filter.IsInclude).Select(filter => filter.Expression).ToList();
        var all = filters.Where(filter => !filter.IsInclude).ToList();
        var one = includes.Count > 1
            ? Expression.Of(string.Join('|', includes.Select(include => $"(?:{include.Written})")))
            : includes.FirstOrDefault();
        if (one is not null)
            all.Insert(0, new(IsInclude: true, one));
        return all;
    }

    static int PriorityOf(string text) =>
        Priorities.ToList().IndexOf(text) is >= 0 and var number ? number : text[0] - '0';

    static Dictionary<string, string> FieldsOf(ObjectValue match) => match.Members.ToDictionary(
        member => member.Name, member => ((TextValue)member.Value).Text, StringComparer.Ordinal);

    static string Of(IReadOnlyDictionary<string, string>? texts) =>
        string.Join('\t', texts?.Select(one => $"{one.Key}={one.Value}") ?? []);
}
