using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch.Metrics;
using CloudWatch.Patterns;
using CloudWatch.Patterns.Delimited;

namespace Agent.Config.Checking;

/// <summary>What detections and notifications must agree on.</summary>
static class WatchRules
{
    const int DaySeconds = 86_400;

    static readonly string[] OfLines = ["file_path", "pattern", "start_position", "lines", "redact"];
    static readonly string[] OfLinesInMetric = ["value", "default_value", "dimensions"];
    static readonly string[] PublishedKeys = ["name", "unit", "dimensions"];

    public static void Check(ObjectValue document, FaultList faults)
    {
        var vigil = document.Section("vigil");
        var channels = Objects(vigil, "notifications");
        var detections = Objects(vigil, "detections");
        var packs = Objects(vigil, "packs");
        channels.ForEach(channel => NotificationKeys.CheckType(channel, faults));
        CheckNames(channels, faults);
        CheckNames(detections, faults);
        CheckNames(packs, faults);
        CheckPacked(detections, packs, faults);
        var known = channels.Select(channel => channel.Text("name")).OfType<string>().ToList();
        var gateway = vigil?.Section("nat_gateway");
        MetricsKeys.Check(gateway, faults);
        foreach (var pack in packs)
        {
            CheckChannels(pack, known, faults);
            CheckPath(pack, faults);
        }

        foreach (var detection in detections)
        {
            CheckChannels(detection, known, faults);
            CheckSource(detection, gateway, faults);
            CheckMetric(detection, faults);
            CheckAlarm(detection.Section("alarm"), faults);
        }
    }

    public static List<ObjectValue> Objects(ObjectValue? section, string key) =>
        [.. section?.List(key)?.Items.OfType<ObjectValue>() ?? []];

    static void CheckNames(List<ObjectValue> named, FaultList faults)
    {
        foreach (var same in named.Where(one => one.Text("name") is not null).GroupBy(one => one.Text("name")))
        {
            foreach (var again in same.Skip(1))
            {
                var name = again.Member("name")!.Value;
                faults.Error(name, $"{name.Found} is the name of line {same.First().Place.Line} too", "choose another");
            }
        }
    }

    // A pack's detections have names too.
    static void CheckPacked(List<ObjectValue> detections, List<ObjectValue> packs, FaultList faults)
    {
        var asked = packs.Select(pack => DetectionPack.All.FirstOrDefault(one => one.Name == pack.Text("name")));
        var taken = asked.OfType<DetectionPack>().SelectMany(pack => pack.Detections, (pack, one) => (pack, one.Name))
            .ToLookup(one => one.Name, one => one.pack.Name, StringComparer.Ordinal);
        foreach (var name in detections.Select(one => one.Member("name")?.Value).OfType<TextValue>())
        {
            if (taken[name.Text].FirstOrDefault() is { } pack)
                faults.Error(name, $"{name.Found} is the name of a detection of the pack {pack}", "choose another");
        }
    }

    static void CheckChannels(ObjectValue detection, List<string> known, FaultList faults)
    {
        foreach (var name in detection.List("notify")?.Items.OfType<TextValue>() ?? [])
        {
            if (!known.Contains(name.Text))
            {
                faults.Error(name, $"{name.Found} was found, vigil.notifications has none of that name",
                    NearMiss.Of(name.Text, known) is { } meant ? $"did you mean {Shown.Text(meant)}?" : "add it there");
            }
        }
    }

    static void CheckPath(ObjectValue pack, FaultList faults)
    {
        if (DetectionPack.All.FirstOrDefault(one => one.Name == pack.Text("name")) is not { } known)
            return;

        if (known.IsOfLines && pack.Member("file_path") is null)
            ReportNoPath(pack, faults);

        foreach (var member in known.IsOfLines ? [] : OfLines.Select(pack.Member).OfType<Member>())
            faults.Error(member, $"does not go with the pack {known.Name}, which watches no file", "delete it");
    }

    static void ReportNoPath(ObjectValue one, FaultList faults) => faults.Error(
        one.Place, one.Path.Key("file_path"), "is missing, nothing says what to watch",
        "set the path of the file to watch");

    // Lines of files, or a metric of the host.
    static void CheckSource(ObjectValue detection, ObjectValue? gateway, FaultList faults)
    {
        if (detection.Member("metric_name") is not { } name)
        {
            if (detection.Member("file_path") is null)
                ReportNoPath(detection, faults);

            if (detection.Member("pattern") is null)
            {
                faults.Error(detection.Place, detection.Path.Key("pattern"),
                    "is missing, nothing says what to watch for", "set a filter pattern of CloudWatch Logs");
            }

            return;
        }

        foreach (var member in OfLines.Select(detection.Member).OfType<Member>())
            faults.Error(member, "does not go with metric_name: it is for lines of files", "delete one of the two");

        foreach (var key in OfLinesInMetric)
        {
            if (detection.Section("metric")?.Member(key) is { } member)
                faults.Error(member, "does not go with metric_name: it is for lines of files", "delete it");
        }

        var metric = HostMetric.All.FirstOrDefault(one => one.Name == detection.Text("metric_name"));
        if (metric is { IsOfGateway: true })
            CheckGateway(metric, name, gateway, faults);
    }

    static void CheckGateway(HostMetric metric, Member name, ObjectValue? gateway, FaultList faults)
    {
        if (gateway is null)
        {
            faults.Error(name, $"{metric.Name} was found, and nothing says what measures it", "set vigil.nat_gateway");
        }
        else if (NatGatewaySettings.Counted.FirstOrDefault(one => one.Metric == metric.Name) is { Key: { } key }
            && gateway.Member(key) is null)
        {
            faults.Error(name, $"{metric.Name} was found, and vigil.nat_gateway does not say what counts it",
                $"set {key} there");
        }
    }

    static void CheckMetric(ObjectValue detection, FaultList faults)
    {
        if (detection.Section("metric") is not { } metric)
            return;

        if (metric.Text("namespace") is null
            && PublishedKeys.Select(metric.Member).OfType<Member>().FirstOrDefault() is { } published)
        {
            faults.Error(
                published, "is of a metric that is published, and nothing says where", "set namespace beside it");
        }

        if (!FilterPattern.TryParse(detection.Text("pattern") ?? "", out var pattern, out _))
            return;

        if (!MetricFilter.TryCreate(
                pattern, metric.Text("value") ?? "1", metric.Number("default_value"),
                DetectionSettings.DimensionsOf(metric), out _, out var error))
        {
            faults.Error(
                metric, error, error.Contains("dimension", StringComparison.Ordinal)
                    ? "give each dimension $.key with a JSON pattern, or $name with one of fields; no default_value "
                        + "goes with them"
                    : "set value to a number, $.key with a JSON pattern, or $name with a pattern of fields");
        }
        else if (pattern.Tree is DelimitedTree { Last: null } fields)
        {
            WarnOfFields(metric, fields, faults);
        }
    }

    // The service takes it, and then no line makes an observation.
    static void WarnOfFields(ObjectValue metric, DelimitedTree fields, FaultList faults)
    {
        var names = fields.Fields.Select((field, i) => (field.Name, Number: $"{i + 1}")).ToList();
        var dimensions = metric.Section("dimensions")?.Members.Select(member => member.Value) ?? [];
        foreach (var written in dimensions.Append(metric.Member("value")?.Value).OfType<TextValue>())
        {
            if (ValueSelector.TryParse(written.Text, out var selector, out _)
                && selector is FieldSelector { Name: var name }
                && !names.Exists(one => one.Name == name || one.Number == name))
            {
                faults.Warning(written,
                    $"{written.Found} was found, and the pattern has no such field: nothing is counted",
                    $"name one of {string.Join(", ", names.Select(one => $"${one.Name}"))}");
            }
        }
    }

    static void CheckAlarm(ObjectValue? alarm, FaultList faults)
    {
        var settings = alarm is null ? null : AlarmSettings.From(alarm, isOfHost: false);
        if (settings is null)
            return;

        if (settings.DatapointsToAlarm > settings.EvaluationPeriods)
        {
            faults.Error(alarm!.Member("datapoints_to_alarm")!.Value,
                $"{settings.DatapointsToAlarm} was found, and {settings.EvaluationPeriods} periods are looked at",
                "set no more than evaluation_periods");
        }

        // API: PutMetricAlarm.
        var most = settings.PeriodSeconds < 3600 ? DaySeconds : 7 * DaySeconds;
        if ((long)settings.PeriodSeconds * settings.EvaluationPeriods > most)
        {
            faults.Error(alarm!, $"looks back further than {most} seconds",
                "set a shorter period, or fewer evaluation_periods");
        }
    }
}
