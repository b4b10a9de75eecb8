using Agent.Config.Expressions;
using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>One entry of <c>collect_list</c>: which files, what of them, and where it goes.</summary>
public sealed record CollectedFile
{
    /// <summary>As written: a path, or a pattern of paths.</summary>
    public required string FilePath { get; init; }

    /// <summary>With its placeholders. Where each file has a group of its own, <see cref="DestinationOf"/> names it.
    /// </summary>
    public required string LogGroupName { get; init; }

    public required string LogStreamName { get; init; }

    /// <summary>One of <see cref="Classes"/>; null leaves the choice to the service.</summary>
    public string? LogGroupClass { get; init; }

    /// <summary>Null leaves the group's retention as it is.</summary>
    public int? RetentionInDays { get; init; }

    /// <summary>The role that its events are sent as; null where the host's own credentials are.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The key that a group is encrypted with when it is made; null leaves it to the service.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The tags that a group gets when it is made; null for none.</summary>
    public IReadOnlyDictionary<string, string>? LogGroupTags { get; init; }

    /// <summary>The service that its events are of; null where nobody said.</summary>
    public string? ServiceName { get; init; }

    /// <summary>The environment that the service runs in; null where nobody said.</summary>
    public string? DeploymentEnvironment { get; init; }

    /// <summary>Where the entry stands, for what only the running agent can find wrong with it.</summary>
    public required Place Place { get; init; }

    /// <summary>Whether <see cref="FilePath"/> has wildcards.</summary>
    public bool IsPattern { get; init; }

    /// <summary>Files to leave out: looked for in the last part of their path.</summary>
    public Expression? Blacklist { get; init; }

    /// <summary>Files to leave out: patterns of whole paths.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Every file that fits is read, not only the one that was written to last.</summary>
    public bool TailAll { get; init; }

    /// <summary>Each file goes to a stream or a group of its own.</summary>
    public bool ApartByFile { get; init; }

    /// <summary>A file found at the agent's first start is read from its end on.</summary>
    public bool StartsAtEnd { get; init; }

    /// <summary>A file that nobody wrote to for so long is left alone.</summary>
    public TimeSpan? IgnoreOlder { get; init; }

    /// <summary>A file is deleted when all of it is sent and a newer one has come.</summary>
    public bool AutoRemoval { get; init; }

    /// <summary>A file that cannot be sent is closed, so that its space can be freed once it is deleted.</summary>
    public bool ReleasesHandles { get; init; }

    /// <summary>A name that <see cref="System.Text.Encoding.GetEncoding(string)"/> knows, given the
    /// <see cref="System.Text.CodePagesEncodingProvider"/>; null for UTF-8, and where a byte order mark may say.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>The layout of a line's timestamp; null where events carry the time they were read.</summary>
    public string? TimestampFormat { get; init; }

    /// <summary>The timestamp is cut out of the text that is sent.</summary>
    public bool TrimTimestamp { get; init; }

    /// <summary>For timestamps that name none: Local, UTC or an IANA zone that this host knows.</summary>
    public string Timezone { get; init; } = Local;

    /// <summary>What the first line of an event matches; null leaves it to the lines' indentation.</summary>
    public Expression? StartPattern { get; init; }

    /// <summary>Every line is an event of its own.</summary>
    public bool IsMultiLineOff { get; init; }

    /// <summary>How long an event waits for more lines.</summary>
    public TimeSpan? MultiLineTimeout { get; init; }

    /// <summary>How long a line waits for its end.</summary>
    public TimeSpan? PartialLineTimeout { get; init; }

    public IReadOnlyList<FilterExpression> Filters { get; init; } = [];

    internal static readonly IReadOnlyList<string> Classes = ["STANDARD", "INFREQUENT_ACCESS"];

    internal const string Local = "Local";

    static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    // Which of the two names a file apart changes depends on this. Source: CloudWatch agent.
    bool IsGroupGiven { get; init; }

    /// <summary>The log group and log stream of one of the files, with their placeholders.</summary>
    /// <remarks>A long path makes a name that is longer than the service takes.</remarks>
    /// <param name="path">The file's own path, not the pattern.</param>
    public (string Group, string Stream) DestinationOf(string path) =>
        !ApartByFile ? (LogGroupName, LogStreamName)
        : IsGroupGiven ? (LogGroupName, DestinationNames.StreamApart(LogStreamName, path))
        : (DestinationNames.GroupApart(path), LogStreamName);

    /// <summary>Whether another entry asks for the same, wherever it stands.</summary>
    public bool SaysTheSameAs(CollectedFile other) =>
        other == this with
        {
            Place = other.Place,
            Blacklist = other.Blacklist,
            StartPattern = other.StartPattern,
            Exclude = other.Exclude,
            LogGroupTags = other.LogGroupTags,
            Filters = other.Filters
        }
        && AreSame(Blacklist, other.Blacklist)
        && AreSame(StartPattern, other.StartPattern)
        && Exclude.SequenceEqual(other.Exclude)
        && AreSame(LogGroupTags ?? NoTags, other.LogGroupTags ?? NoTags)
        && Filters.Count == other.Filters.Count
        && Filters.Zip(other.Filters).All(two => two.First.IsInclude == two.Second.IsInclude
            && AreSame(two.First.Expression, two.Second.Expression));

    static bool AreSame(Expression? one, Expression? other) =>
        (one?.Written, one?.IsTimestamp) == (other?.Written, other?.IsTimestamp);

    static bool AreSame(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(tag => other.TryGetValue(tag.Key, out var value) && value == tag.Value);

    internal static CollectedFile From(ObjectValue entry, string streamName, VigilFiles extras)
    {
        var file = NamesOf(entry, streamName);
        var said = extras.About(file.FilePath, file.LogGroupName);
        var start = Expression.OfStart(entry.Text("multi_line_start_pattern"), entry.Text("timestamp_format"));
        return file with
        {
            Blacklist = Expression.Of(entry.Text("blacklist")),
            Exclude = said.Texts("exclude"),
            TailAll = file.ApartByFile || said.Flag("tail_all"),
            RoleArn = said.Text("role_arn"),
            KmsKeyId = said.Text("kms_key_id"),
            LogGroupTags = said.Map("log_group_tags"),
            ServiceName = entry.Text("service.name"),
            DeploymentEnvironment = entry.Text("deployment.environment"),
            StartsAtEnd = said.Text("start_position") == "end",
            IgnoreOlder = said.Seconds("ignore_older"),
            // The CloudWatch agent does not have the two together, and a deleted file cannot be brought back.
            AutoRemoval = entry.Flag("auto_removal") && !file.ApartByFile,
            ReleasesHandles = entry.Text("backpressure_mode") == "fd_release",
            Encoding = EncodingOf(entry.Text("encoding")),
            TimestampFormat = entry.Text("timestamp_format"),
            TrimTimestamp = entry.Flag("trim_timestamp"),
            Timezone = said.Text("timezone") ?? (entry.Text("timezone") == "UTC" ? "UTC" : Local),
            StartPattern = start,
            // What holds for all files does not undo what one file's entry asks for in so many words.
            IsMultiLineOff = said.Text("multi_line") == "off" && (start is null || said.Has("multi_line")),
            MultiLineTimeout = said.Milliseconds("multi_line_timeout_ms"),
            PartialLineTimeout = said.Seconds("partial_line_timeout"),
            Filters = FilterExpression.AllOf(entry)
        };
    }

    /// <summary>Only what tells where the file is and where it goes.</summary>
    internal static CollectedFile NamesOf(ObjectValue entry, string streamName)
    {
        var path = entry.Text("file_path") ?? "";
        var isApart = entry.Flag("publish_multi_logs");
        return new CollectedFile
        {
            FilePath = path,
            IsPattern = GlobSyntax.IsPattern(path),
            LogGroupName = entry.Text("log_group_name")
                ?? (isApart ? DestinationNames.GroupApart(path) : DestinationNames.GroupFor(path)),
            IsGroupGiven = entry.Text("log_group_name") is not null,
            LogStreamName = entry.Text("log_stream_name") ?? streamName,
            LogGroupClass = ClassOf(entry.Text("log_group_class")),
            RetentionInDays = entry.Whole("retention_in_days") is > 0 and var days ? (int)days : null,
            ApartByFile = isApart,
            Place = entry.Place
        };
    }

    internal static string? ClassOf(string? text) =>
        Classes.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));

    static string? EncodingOf(string? label) =>
        label is null || EncodingLabels.NameOf(label) is EncodingLabels.Utf8 ? null : EncodingLabels.NameOf(label);
}
