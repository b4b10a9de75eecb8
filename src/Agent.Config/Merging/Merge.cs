using Agent.Config.Reading;

namespace Agent.Config.Merging;

/// <summary>Makes one document of several, as the CloudWatch agent does: sections are gone into, lists of what is
/// collected are united, and for all else two files must not say different things. Source: the CloudWatch agent's code;
/// it has forgotten the journal's list, which is united here too.</summary>
static class Merge
{
    static readonly string[] United =
    [
        "agent.usage_metadata",
        "logs.logs_collected.files.collect_list",
        "logs.logs_collected.journald.collect_list",
        "logs.logs_collected.windows_events.collect_list",
        "vigil.files",
        "vigil.detections",
        "vigil.packs",
        "vigil.notifications"
    ];

    /// <summary>In what is not served nothing can differ that matters; the CloudWatch agent has rules of its own
    /// there.</summary>
    static readonly string[] Served = ["agent", "logs", "vigil"];

    /// <summary>The document of both. Each value keeps the place where it was written.</summary>
    public static ObjectValue Of(ObjectValue first, ObjectValue second, FaultList faults) =>
        Of(first, second, isTop: true, faults);

    static ObjectValue Of(ObjectValue first, ObjectValue second, bool isTop, FaultList faults)
    {
        var members = first.Members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        foreach (var member in second.Members)
        {
            members[member.Name] = !members.TryGetValue(member.Name, out var known) ? member
                : isTop && !Served.Contains(member.Name) ? known
                : known with { Value = Of(known.Value, member, faults) };
        }

        return new(first.Place, first.Path, members);
    }

    static Value Of(Value first, Member second, FaultList faults)
    {
        switch (first, second.Value)
        {
            case (ObjectValue one, ObjectValue other):
                return Of(one, other, isTop: false, faults);
            case (ListValue one, ListValue other) when United.Contains(one.Path.ToString()):
                return Unite(one, other);
            case var _ when SameValue.Is(first, second.Value):
                return first;
            default:
                faults.Error(
                    second, $"is {second.Value.Found}, and {first.Found} in {first.Place}", "leave one of the two");
                return first;
        }
    }

    static ListValue Unite(ListValue first, ListValue second)
    {
        var items = first.Items.ToList();
        var known = new HashSet<Value>(items, SameValue.Comparer);
        items.AddRange(second.Items.Where(item => !known.Contains(item)));
        return new(first.Place, first.Path, items);
    }
}
