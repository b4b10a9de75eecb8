using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>The <c>logs</c> section: where log events go, and which files they come from.</summary>
public sealed record LogsSection
{
    public const string DefaultStreamName = "{instance_id}";

    /// <summary>The service's address where it is not the region's own.</summary>
    public Uri? EndpointOverride { get; init; }

    /// <summary>How long an incomplete batch waits.</summary>
    public TimeSpan ForceFlushInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The stream of the files that name none.</summary>
    public string LogStreamName { get; init; } = DefaultStreamName;

    public IReadOnlyList<CollectedFile> Files { get; init; } = [];

    /// <summary>What is collected of the systemd journal.</summary>
    public IReadOnlyList<CollectedJournal> Journal { get; init; } = [];

    internal static LogsSection From(ObjectValue? section, ObjectValue? vigil, string defaultStream)
    {
        var defaults = new LogsSection();
        if (section is null)
            return defaults;

        var streamName = StreamNameOf(section, defaultStream);
        var extras = new VigilFiles(vigil);
        return new LogsSection
        {
            EndpointOverride = EndpointOf(section.Text("endpoint_override")),
            ForceFlushInterval = section.Whole("force_flush_interval") is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : defaults.ForceFlushInterval,
            LogStreamName = streamName,
            Files = [.. EntriesOf(section).Select(entry => CollectedFile.From(entry, streamName, extras))],
            Journal =
            [
                .. CollectedJournal.EntriesOf(section)
                    .Select(entry => CollectedJournal.From(entry, defaultStream, vigil))
            ]
        };
    }

    internal static string StreamNameOf(ObjectValue section, string defaultStream = DefaultStreamName) =>
        section.Text("log_stream_name") ?? defaultStream;

    internal static IEnumerable<ObjectValue> EntriesOf(ObjectValue section) =>
        section.Section("logs_collected")?.Section("files")?.List("collect_list")?.Items.OfType<ObjectValue>() ?? [];

    /// <summary>Null if the text is neither an http(s) URL nor a host. The CloudWatch agent takes a host too, for which
    /// its SDK puts https in front.</summary>
    internal static Uri? EndpointOf(string? text)
    {
        if (text is null)
            return null;

        var address = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        return Uri.TryCreate(address, UriKind.Absolute, out var endpoint)
               && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps)
               && endpoint.Host.Length > 0
               && endpoint is { UserInfo: "", Query: "", Fragment: "" }
            ? endpoint
            : null;
    }
}
