using Agent.Aws;
using Agent.Config.Model;
using Agent.Detect;
using Agent.Discovery;
using Agent.Events;
using Agent.Framing;
using Agent.Notify;
using Agent.Tail;
using CloudWatch.Alarms;
using CloudWatch.Metrics;
using CloudWatch.Patterns;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What is watched for and measured, in plain values: the files with their detections, who is told, and what
/// is published.</summary>
/// <param name="OfHost">Detections of what is measured on the host.</param>
/// <param name="Metrics">Where metrics are published; null where nobody says.</param>
/// <param name="MostOpenFiles">Of all that is shipped and watched; null leaves it to the system's limit.</param>
/// <param name="Configured">What the configuration says of it.</param>
sealed record WatchPlan(
    IReadOnlyList<(EntryPlan Files, IReadOnlyList<Detection> Detections)> Watched,
    IReadOnlyList<Detection> OfHost,
    ServiceEndpoint? Metrics,
    Func<ServiceTime, ILogger, IReadOnlyList<Channel>> NewChannels,
    int? MostOpenFiles,
    WatchSection Configured,
    IReadOnlyList<CollectedFile> Framed)
{
    // What a line or an event waits for that may go on: whoever is told of it is told within a second.
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether another was made of a configuration that says the same of it.</summary>
    public bool IsConfiguredAs(WatchPlan other) =>
        Metrics == other.Metrics
        && Configured.SaysTheSameAs(other.Configured)
        && Framed.Count == other.Framed.Count
        && Framed.Zip(other.Framed).All(two => two.First.SaysTheSameAs(two.Second));

    /// <summary>All that is watched for.</summary>
    public IEnumerable<Detection> Detections => Watched.SelectMany(one => one.Detections).Concat(OfHost);

    /// <summary>The namespaces that something is published in.</summary>
    public IEnumerable<string> Namespaces => Detections.Select(one => one.Published?.Namespace)
        .Append(Configured.Metrics.HasHeartbeat ? Configured.Metrics.Namespace : null)
        .Append(Configured.NatGateway is { IsPublished: true } gateway ? gateway.Namespace : null)
        .OfType<string>().Distinct();

    /// <summary>Whether anything is published.</summary>
    public bool Publishes => Namespaces.Any();

    /// <summary>Null where nothing is watched for.</summary>
    /// <param name="metrics">Where metrics are published; null where nobody says.</param>
    public static WatchPlan? Of(
        Configuration configuration, string stateFolder, ServiceEndpoint? metrics, EndpointVariant variant)
    {
        var watch = configuration.Watch;
        if (watch.IsEmpty)
        {
            return null;
        }

        var live = new LiveNames(Path.GetFullPath(stateFolder));
        var framed = new List<CollectedFile>();
        var watched = new List<(EntryPlan, IReadOnlyList<Detection>)>();
        var read = watch.Detections.Where(one => one.Watched is not null).GroupBy(
            one => (Path: PathOf(one.Watched!), one.Watched!.FromBeginning));
        foreach (var together in read)
        {
            var collected = configuration.Logs.Files.FirstOrDefault(
                file => Path.GetFullPath(file.FilePath) == together.Key.Path);
            if (collected is not null)
            {
                framed.Add(collected);
            }

            var entry = together.First().Watched! is { IsOfJournal: true } lines
                ? EntryOfJournal(lines, configuration.Vigil.JournaldDirectory)
                : EntryOf(together.Key.Path, together.First().Watched!, collected, live);
            watched.Add((entry, [.. together.Select(DetectionOf)]));
        }

        return new(
            watched,
            [
                .. watch.Detections.Where(one => one.Watched is null)
                    .Select(one => DetectionOf(one) with { PublishedElsewhere = IdentityOf(one, watch.NatGateway) })
            ],
            metrics,
            (time, log) => ChannelsOf(watch, variant, time, log), configuration.Vigil.MostOpenFiles, watch,
            framed);
    }

    static string PathOf(WatchedLines lines) =>
        lines.IsOfJournal ? JournalPlan.Path : Path.GetFullPath(lines.FilePath);

    static EntryPlan EntryOfJournal(WatchedLines lines, string? folder) =>
        ConfiguredPlan.JournalEntry(
            JournalPlan.Path, JournalPlan.Path, CursorOf(lines),
            new(new([], null, []) { Folder = folder }, JournalFormat.Syslog)) with
        {
            StartsAtEnd = !lines.FromBeginning
        };

    // Positions of their own: what one has passed over the other has not.
    static string CursorOf(WatchedLines lines) => lines.FromBeginning ? "from the beginning" : "from the end";

    // Where the file is shipped in events of several lines it is watched in the same; else each line is one.
    static EntryPlan EntryOf(
        string path, WatchedLines one, CollectedFile? collected, LiveNames live)
    {
        var files = one.IsPattern && Glob.TryParse(path, out _) is { } glob ? glob : Glob.Literal(path);
        var framing = collected is null ? new FramingPlan() : ConfiguredPlan.FramingOf(collected);
        var isWhole = framing.Start == EventStart.Pattern;
        var cursor = CursorOf(one);
        return new(files, path, cursor, _ => (path, cursor), name => !live.CanBeLive(name))
        {
            Framing = framing with
            {
                Start = isWhole ? EventStart.Pattern : EventStart.EveryLine,
                TrimsTimestamp = false
            },
            EventTimeout = isWhole ? LongestWait : TimeSpan.Zero,
            TailsAll = true,
            StartsAtEnd = !one.FromBeginning
        };
    }

    static MetricIdentity? IdentityOf(DetectionSettings settings, NatGatewaySettings? gateway) =>
        settings.Measured is { IsOfGateway: true } metric && gateway is { IsPublished: true }
            ? new(gateway.Namespace, metric.Name, "None", [KeyValuePair.Create("NatGatewayId", gateway.Id)])
            : null;

    static Detection DetectionOf(DetectionSettings settings)
    {
        // The configuration was checked.
        if (!Statistic.TryParse(settings.Alarm.Statistic, out var statistic, out _))
        {
            throw new InvalidOperationException($"{settings.Name}: {settings.Alarm.Statistic} is no statistic");
        }

        var alarm = settings.Alarm;
        return new(
            settings.Name, settings.Description, settings.Watched?.FilePath ?? settings.Measured!.Name,
            new(
                statistic, alarm.PeriodSeconds, alarm.EvaluationPeriods, alarm.DatapointsToAlarm, alarm.Threshold,
                Enum.Parse<AlarmComparison>(alarm.ComparisonOperator),
                Enum.Parse<MissingData>(alarm.TreatMissingData, ignoreCase: true)),
            Enum.GetValues<AlarmValue>().Where(state => settings.NotifyOn.Contains(AlarmState.Name(state))).ToHashSet(),
            settings.Notify, settings.Watched is null ? 0 : settings.Lines)
        {
            Filter = settings.Watched is { } lines ? FilterOf(settings, lines) : null,
            Measured = settings.Measured?.Name,
            Published = settings.Published is { } metric
                ? new(metric.Namespace, metric.Name, metric.Unit, [])
                : null,
            Redacted = [.. settings.Redacted.Select(one => one.Pattern)]
        };
    }

    static MetricFilter FilterOf(DetectionSettings settings, WatchedLines lines) =>
        FilterPattern.TryParse(lines.Pattern, out var pattern, out var fault)
        && MetricFilter.TryCreate(
            pattern, lines.Value, lines.DefaultValue, settings.Published?.Dimensions ?? [], out var filter, out _)
            ? filter
            : throw new InvalidOperationException($"{settings.Name}: {fault}"); // it was checked, too

    /// <summary>Of a mail server: what is usual for how it is spoken to, where nobody says.</summary>
    public static int PortOf(NotificationSettings one) =>
        one.Port ?? (one.Security == "tls" ? 465 : one.Security == "none" ? 25 : 587);

    static List<Channel> ChannelsOf(
        WatchSection watch, EndpointVariant variant, ServiceTime time, ILogger log) =>
        [.. watch.Notifications.Select(one => ChannelOf(one, Environment.MachineName, variant, time, log))];

    static Channel ChannelOf(
        NotificationSettings one, string host, EndpointVariant variant, ServiceTime time, ILogger log)
    {
        switch (one.Type)
        {
            case "smtp":
                return new SmtpChannel(
                    one.Name,
                    new(one.Host!, PortOf(one), one.Security, one.User, one.PasswordFile, one.Sender!, one.To), host,
                    time);
            case "sns":
                return new SnsChannel(
                    one.Name, one.TopicArn!, host, new Topic(one.TopicArn!, variant, time).PublishAsync);
            case "webhook":
                return new WebhookChannel(one.Name, one.Url!, one.SecretFile, host);
            default:
                return new JournalChannel(one.Name, log);
        }
    }
}
