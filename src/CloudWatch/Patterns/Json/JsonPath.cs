namespace CloudWatch.Patterns.Json;

/// <summary>One step of a path.</summary>
public abstract record JsonStep;

/// <summary>A member of an object.</summary>
public sealed record KeyStep(string Key) : JsonStep
{
    public override string ToString() => SelectorReader.IsPlainKey(Key) ? $".{Key}"
        : Key.Contains('\'', StringComparison.Ordinal) ? $"[\"{Key}\"]" : $"['{Key}']";
}

/// <summary>An element of an array, counted from 0.</summary>
public sealed record IndexStep(int Index) : JsonStep
{
    public override string ToString() => $"[{Index}]";
}

/// <summary>Every element of an array, or every member of an object.</summary>
public sealed record EveryStep : JsonStep
{
    public override string ToString() => "[*]";
}

/// <summary>The way from a message's object to a value of it: <c>$.users[0].name</c>.</summary>
public sealed record JsonPath(IReadOnlyList<JsonStep> Steps)
{
    public bool HasWildcard => Steps.Any(step => step is EveryStep);

    public bool Equals(JsonPath? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => Steps.Count == 0 ? 0 : HashCode.Combine(Steps.Count, Steps[0], Steps[^1]);

    public override string ToString() => "$" + string.Concat(Steps);
}
