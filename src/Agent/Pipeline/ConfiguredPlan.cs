using Agent.Aws;
using Agent.Config.Model;
using Agent.Discovery;
using Agent.Filter;
using Agent.Framing;
using Agent.Tail;
using CloudWatch.Matching;
using CloudWatch.Wire;

namespace Agent.Pipeline;

/// <summary>Makes the plan of a configuration: the one place that knows both.</summary>
static class ConfiguredPlan
{
    // As the CloudWatch agent, but counted from the last line.
    static readonly TimeSpan LongestEventTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The plan of a configuration.</summary>
    /// <returns>Null where neither a region nor an endpoint is known.</returns>
    public static Plan? Of(
        Configuration configuration, string stateFolder, string? environmentRegion, EndpointVariant variant)
    {
        var logs = configuration.Logs;
        var region = configuration.Agent.Region ?? environmentRegion;
        if (ServiceEndpoint.Of(region, logs.EndpointOverride, variant) is not { } endpoint)
        {
            return null;
        }

        var linger = configuration.Vigil.Linger ?? logs.ForceFlushInterval;
        var live = new LiveNames(Path.GetFullPath(stateFolder));
        return new(
            [
                .. logs.Files
                    .DistinctBy(file => (Path.GetFullPath(file.FilePath), file.LogGroupName, file.LogStreamName))
                    .Select(file =>
                        EntryOf(file, live, linger) with { Role = RoleOf(file.RoleArn, configuration.Vigil) }),
                .. logs.Journal.DistinctBy(one => (one.Asked, one.LogGroupName, one.LogStreamName))
                    .Select(one => EntryOf(one) with { Role = RoleOf(one.RoleArn, configuration.Vigil) })
            ],
            stateFolder,
            endpoint,
            region,
            linger,
            (long)configuration.Vigil.MemoryBudgetMegabytes << 20)
        {
            Variant = variant,
            Compresses = configuration.Vigil.Compresses,
            DeadLetterBytes = (long)configuration.Vigil.DeadLettersMegabytes << 20,
            SpoolBytes = (long)configuration.Vigil.SpoolMegabytes << 20,
            MetricsPort = configuration.Vigil.MetricsPort,
            MostOpenFiles = configuration.Vigil.MostOpenFiles,
            FollowsAnyLink = configuration.Vigil.FollowsAnyLink,
            Watch = WatchPlan.Of(
                configuration, stateFolder, MetricsEndpoint(configuration, region, endpoint, variant), variant)
        };
    }

    // A service on this machine is all of CloudWatch; what else stands in the place of the region's is of log events.
    static ServiceEndpoint? MetricsEndpoint(
        Configuration configuration, string? region, ServiceEndpoint logs, EndpointVariant variant)
    {
        var set = configuration.Watch.Metrics.EndpointOverride ?? ServiceEndpoint.SetFor("cloudwatch");
        return set is not null ? new(set, logs.Region)
            : logs.IsLoopback ? logs
            : region is not null && ServiceEndpoint.AddressOf(MetricsApi.Service, region, variant) is { } address
                ? new(address, region)
            : null;
    }

    static RoleToAssume? RoleOf(string? roleArn, VigilSection vigil) =>
        roleArn is { } arn ? new(arn, vigil.RoleSessionName, vigil.RoleExternalId) : null;

    static EntryPlan EntryOf(CollectedFile file, LiveNames live, TimeSpan linger) => new(
        FilesOf(file), file.LogGroupName, file.LogStreamName, file.DestinationOf, Exclusion(file, live))
    {
        Configured = file,
        Class = file.LogGroupClass,
        RetentionDays = file.RetentionInDays,
        KmsKeyId = file.KmsKeyId,
        Tags = file.LogGroupTags,
        Workload = file.ServiceName is null && file.DeploymentEnvironment is null
            ? null
            : new(file.ServiceName, file.DeploymentEnvironment, InstanceId: null),
        Framing = FramingOf(file),
        Filters = RulesOf(file.Filters),
        EventTimeout = EventTimeoutOf(file, linger),
        PartialLineTimeout = file.PartialLineTimeout,
        TailsAll = file.TailAll,
        StartsAtEnd = file.StartsAtEnd,
        IgnoreOlder = file.IgnoreOlder,
        RemovesFiles = file.AutoRemoval,
        ReleasesHandles = file.ReleasesHandles
    };

    // Positions are of what is asked: of two entries that go to the same stream each has its own.
    static EntryPlan EntryOf(CollectedJournal one) =>
        JournalEntry(
            one.Asked.Length == 0 ? JournalPlan.Path : $"{JournalPlan.Path} {one.Asked}", one.LogGroupName,
            one.LogStreamName,
            new(
                new(
                    one.Units, one.Priority,
                    [.. one.Matches.Select(match => match.Select(field => $"{field.Key}={field.Value}").ToList())])
                {
                    Folder = one.Folder
                },
                Enum.Parse<JournalFormat>(one.Format, ignoreCase: true))) with
        {
            ConfiguredJournal = one,
            Class = one.LogGroupClass,
            RetentionDays = one.RetentionInDays,
            KmsKeyId = one.KmsKeyId,
            Tags = one.LogGroupTags,
            Filters = RulesOf(one.Filters),
            StartsAtEnd = one.StartsAtEnd
        };

    /// <summary>An entry that reads the journal.</summary>
    /// <param name="path">That its positions are kept under.</param>
    public static EntryPlan JournalEntry(string path, string group, string stream, JournalPlan journal) =>
        new(Glob.Literal(path), group, stream, _ => (group, stream), _ => false)
        {
            Journal = journal,
            Framing = new() { Start = EventStart.Record },
            TailsAll = true
        };

    static List<FilterRule> RulesOf(IReadOnlyList<FilterExpression> filters) =>
    [
        .. filters.Select(filter =>
            new FilterRule(filter.IsInclude, filter.Expression.Written, filter.Expression.Pattern))
    ];

    // The configuration was checked, and a pattern that cannot be parsed was refused.
    static Glob FilesOf(CollectedFile file)
    {
        var path = Path.GetFullPath(file.FilePath);
        return !file.IsPattern ? Glob.Literal(path)
            : Glob.TryParse(path, out var fault) ?? throw new InvalidOperationException($"{file.Place}: {fault}");
    }

    // Asked on the thread that reads the entry's files, as a ByteMatcher demands.
    static Func<string, bool> Exclusion(CollectedFile file, LiveNames live)
    {
        var blacklist = file.Blacklist is { } black ? new ByteMatcher(black.Pattern) : null;
        var excluded = file.Exclude.Select(pattern => Glob.TryParse(pattern, out _)).OfType<Glob>().ToList();
        return path => !live.CanBeLive(path)
            || excluded.Exists(glob => glob.IsMatch(path))
            || blacklist?.IsMatch(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path))) == true;
    }

    public static FramingPlan FramingOf(CollectedFile file)
    {
        var start = file.StartPattern is { } expression && !file.IsMultiLineOff
            ? new ByteMatcher(expression.Pattern)
            : null;
        return new()
        {
            EncodingName = file.Encoding,
            Start = file.IsMultiLineOff ? EventStart.EveryLine
                : start is null ? EventStart.UnindentedLine
                : EventStart.Pattern,
            StartsEvent = start is null ? null : start.IsMatch,
            StartsByStamp = file.StartPattern is { IsTimestamp: true },
            TimestampFormat = file.TimestampFormat,
            Zone = file.Timezone switch
            {
                "Local" => TimeZoneInfo.Local,
                "UTC" => TimeZoneInfo.Utc,
                var zone => TimeZoneInfo.FindSystemTimeZoneById(zone)
            },
            TrimsTimestamp = file.TrimTimestamp
        };
    }

    // Where nobody asked for events of several lines a last line waits no longer for an indented one than its batch
    // would wait for others, so that it costs no time.
    static TimeSpan EventTimeoutOf(CollectedFile file, TimeSpan linger) =>
        file.IsMultiLineOff ? TimeSpan.Zero
        : file.MultiLineTimeout is { } set ? set
        : file.StartPattern is not null || linger > LongestEventTimeout ? LongestEventTimeout
        : linger;
}
