using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>The keys of <c>journald</c>. Source: CloudWatch agent schema.</summary>
static class JournaldKeys
{
    const int LongestUnit = 256;
    const int LongestField = 4096;
    const int MostFields = 64;

    static readonly Section Entry = new(UnknownKeys.Refused,
    [
        new("log_group_name", new Text(1, Limits.NameLength), "the log group's name",
            Needed: "the entries of the journal go there", Further: Names.CheckGroup),
        new("log_stream_name", new Text(1, Limits.NameLength), "the log stream's name", Further: Names.CheckStream),
        new("log_group_class", new Text(1, 512), "STANDARD or INFREQUENT_ACCESS"),
        new("retention_in_days", new OneOfNumbers([-1, .. Limits.RetentionDays]),
            "the days the group keeps its events, or -1 to leave that alone"),
        new("units", new ListOf(new Text(1, LongestUnit), 1), "the units whose entries are meant",
            Further: JournaldRules.CheckUnits),
        new("priority",
            new OneOfTexts(
                "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "0", "1", "2", "3", "4", "5",
                "6", "7"),
            "the least priority of the entries that are meant"),
        new("matches", new ListOf(new TextMap(MostFields, LongestUnit, LongestField), 1),
            "the fields of the entries that are meant", Further: JournaldRules.CheckFields),
        new("filters", new ListOf(FileKeys.Filter, 0), "which entries are sent")
    ]);

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        new("collect_list", new ListOf(Entry, 0), "what of the journal is collected")
    ]);
}
