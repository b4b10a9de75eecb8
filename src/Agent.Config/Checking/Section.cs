using System.Text.Json.Nodes;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>What becomes of a key that a section's table does not have.</summary>
enum UnknownKeys
{
    Refused,

    /// <summary>Only a likely slip of the pen is mentioned.</summary>
    Ignored
}

/// <summary>An object and the table of its keys.</summary>
sealed record Section(UnknownKeys UnknownKeys, IReadOnlyList<Key> Keys) : Shape
{
    readonly Dictionary<string, Key> _keys = Keys.ToDictionary(key => key.Name, StringComparer.Ordinal);

    public override string Allowed => "an object";

    protected override bool Takes(Value value) => value is ObjectValue;

    public override bool Check(Value value, Key key, FaultList faults)
    {
        if (!base.Check(value, key, faults))
            return false;

        var section = (ObjectValue)value;
        foreach (var member in section.Members)
        {
            if (_keys.TryGetValue(member.Name, out var known))
                CheckMember(member, known, faults);
            else
                ReportUnknown(member, section, faults);
        }

        foreach (var missing in Keys.Where(needed => needed.Needed is not null && section.Member(needed.Name) is null))
            faults.Error(value.Place, value.Path.Key(missing.Name), $"is missing, {missing.Needed}", missing.Remedy);

        return true;
    }

    public override JsonObject ToSchema()
    {
        var properties = new JsonObject();
        foreach (var key in Keys)
        {
            var schema = key.Shape.ToSchema();
            schema["description"] = key.Means
                + (key.NotServed is { } instead ? $" (not served by Vigil: {instead})" : "");
            properties[key.Name] = schema;
        }

        var section = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = UnknownKeys == UnknownKeys.Ignored
        };
        if (Keys.Any(key => key.Needed is not null))
        {
            var needed = Keys.Where(key => key.Needed is not null);
            section["required"] = new JsonArray([.. needed.Select(key => (JsonNode)JsonValue.Create(key.Name))]);
        }

        return section;
    }

    static void CheckMember(Member member, Key key, FaultList faults)
    {
        if (!key.Shape.Check(member.Value, key, faults))
            return;

        if (key.NotServed is { } instead)
            faults.Warning(member, $"is not served yet: {instead}", "delete it, or keep it for the CloudWatch agent");
        else if (!EnvironmentVariable.Report(member.Value, faults))
            key.Further?.Invoke(member.Value, faults);
    }

    void ReportUnknown(Member member, ObjectValue section, FaultList faults)
    {
        var meant = NearMiss.Of(member.Name, Keys.Select(key => key.Name).Where(name => section.Member(name) is null));
        if (UnknownKeys == UnknownKeys.Ignored)
        {
            if (meant is not null)
                faults.Warning(member, "is an unknown key and ignored", $"did you mean {meant}?");
        }
        else if (meant is not null)
        {
            faults.Error(member, "is an unknown key", $"did you mean {meant}?");
        }
        else
        {
            var allowed = string.Join(", ", Keys.Select(key => key.Name));
            faults.Error(member, $"is an unknown key, allowed are {allowed}", "delete it");
        }
    }
}
