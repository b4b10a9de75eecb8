using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>One entry of <c>collect_list</c>: a file and where its lines go.</summary>
public sealed record CollectedFile
{
    public required string FilePath { get; init; }

    public required string LogGroupName { get; init; }

    public required string LogStreamName { get; init; }

    /// <summary>One of <see cref="Classes"/>; null leaves the choice to the service.</summary>
    public string? LogGroupClass { get; init; }

    /// <summary>Null leaves the group's retention as it is.</summary>
    public int? RetentionInDays { get; init; }

    /// <summary>Where the entry stands, for what only the running agent can find wrong with it.</summary>
    public required Place Place { get; init; }

    internal static readonly IReadOnlyList<string> Classes = ["STANDARD", "INFREQUENT_ACCESS"];

    internal static CollectedFile From(ObjectValue entry, string streamName)
    {
        var path = entry.Text("file_path") ?? "";
        return new CollectedFile
        {
            FilePath = path,
            LogGroupName = entry.Text("log_group_name") ?? GroupNameFor(path),
            LogStreamName = entry.Text("log_stream_name") ?? streamName,
            LogGroupClass = ClassOf(entry.Text("log_group_class")),
            RetentionInDays = entry.Whole("retention_in_days") is > 0 and var days ? (int)days : null,
            Place = entry.Place
        };
    }

    /// <summary>The path without its extension: from the last dot of its last part on, even a leading one.</summary>
    internal static string GroupNameFor(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > path.AsSpan().LastIndexOfAny('/', '\\') ? path[..dot] : path;
    }

    internal static string? ClassOf(string? text) =>
        Classes.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase));
}
