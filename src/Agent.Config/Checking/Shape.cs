using System.Globalization;
using System.Text.Json.Nodes;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>What a value may be.</summary>
abstract record Shape
{
    /// <summary>As it is said in a fault: "a whole number from 1 to 172800".</summary>
    public abstract string Allowed { get; }

    /// <summary>The same as JSON Schema says it, for editors.</summary>
    public abstract JsonObject ToSchema();

    protected abstract bool Takes(Value value);

    /// <summary>True if the value is right, so that it is worth looking further.</summary>
    public virtual bool Check(Value value, Key key, FaultList faults)
    {
        if (Takes(value))
            return true;

        faults.Error(value, $"{value.Found} was found, {Allowed} is allowed", key.Remedy);
        return false;
    }

    protected static string Written(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A text by its length in characters.</summary>
sealed record Text(int Least, int Most) : Shape
{
    public override string Allowed =>
        Least == 0 ? $"a text of at most {Written(Most)} characters"
        : $"a text of {Written(Least)} to {Written(Most)} characters";

    protected override bool Takes(Value value) =>
        value is TextValue { Text: var text } && Length(text) is var length && length >= Least && length <= Most;

    public override JsonObject ToSchema() =>
        new() { ["type"] = "string", ["minLength"] = Least, ["maxLength"] = Most };

    // As JSON Schema and the service count: a character beyond U+FFFF is one, not two.
    static int Length(string text) => text.Length - text.Count(char.IsLowSurrogate);
}

sealed record Whole(long Least, long Most = long.MaxValue) : Shape
{
    public override string Allowed =>
        Most == long.MaxValue ? $"a whole number from {Written(Least)}"
        : $"a whole number from {Written(Least)} to {Written(Most)}";

    protected override bool Takes(Value value) =>
        value is NumberValue { Whole: { } number } && number >= Least && number <= Most;

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = Least };
        if (Most != long.MaxValue)
            schema["maximum"] = Most;

        return schema;
    }
}

sealed record Number : Shape
{
    public override string Allowed => "a number";

    protected override bool Takes(Value value) => value is NumberValue { Number: not null };

    public override JsonObject ToSchema() => new() { ["type"] = "number" };
}

sealed record OneOfNumbers(IReadOnlyList<int> Numbers) : Shape
{
    public override string Allowed => "one of " + string.Join(", ", Numbers.Select(number => Written(number)));

    protected override bool Takes(Value value) =>
        value is NumberValue { Whole: { } number } && Numbers.Any(known => known == number);

    public override JsonObject ToSchema() =>
        new() { ["enum"] = new JsonArray([.. Numbers.Select(number => (JsonNode)JsonValue.Create(number))]) };
}

sealed record OneOfTexts(params IReadOnlyList<string> Texts) : Shape
{
    public override string Allowed => "one of " + string.Join(", ", Texts);

    protected override bool Takes(Value value) => value is TextValue { Text: var text } && Texts.Contains(text);

    public override JsonObject ToSchema() =>
        new() { ["enum"] = new JsonArray([.. Texts.Select(text => (JsonNode)JsonValue.Create(text))]) };
}

sealed record Flag : Shape
{
    public override string Allowed => "true or false";

    protected override bool Takes(Value value) => value is FlagValue;

    public override JsonObject ToSchema() => new() { ["type"] = "boolean" };
}

/// <summary>An object of texts under keys of any name.</summary>
sealed record TextMap(int Most, int LongestKey, int LongestText) : Shape
{
    public override string Allowed =>
        $"an object of 1 to {Written(Most)} texts of at most {Written(LongestText)} characters, under keys of 1 to "
        + $"{Written(LongestKey)}";

    protected override bool Takes(Value value) =>
        value is ObjectValue map && map.Members.Count() is var count && count > 0 && count <= Most
        && map.Members.All(member => member.Name.Length > 0 && member.Name.Length <= LongestKey
            && member.Value is TextValue text && text.Text.Length <= LongestText);

    public override JsonObject ToSchema() => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["maxProperties"] = Most,
        ["propertyNames"] = new Text(1, LongestKey).ToSchema(),
        ["additionalProperties"] = new Text(0, LongestText).ToSchema()
    };
}

/// <summary>An object whose keys are another agent's business.</summary>
sealed record AnyObject : Shape
{
    public override string Allowed => "an object";

    protected override bool Takes(Value value) => value is ObjectValue;

    public override JsonObject ToSchema() => new() { ["type"] = "object" };
}
