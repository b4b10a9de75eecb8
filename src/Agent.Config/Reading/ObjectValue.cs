namespace Agent.Config.Reading;

/// <summary>A key and its value; the place is the key's.</summary>
sealed record Member(string Name, Place Place, Value Value);

sealed class ObjectValue(Place place, KeyPath path, IReadOnlyDictionary<string, Member> members) : Value(place, path)
{
    /// <summary>In no particular order: faults are sorted by place in the end.</summary>
    public IEnumerable<Member> Members => members.Values;

    public override string Found => members.Count == 0 ? "an empty object" : "an object";

    public Member? Member(string name) => members.GetValueOrDefault(name);

    // What the records of Model are read with. A value of another type counts as absent: the checks have spoken.
    public string? Text(string name) => (Member(name)?.Value as TextValue)?.Text;

    public long? Whole(string name) => (Member(name)?.Value as NumberValue)?.Whole;

    public double? Number(string name) => (Member(name)?.Value as NumberValue)?.Number;

    public bool Flag(string name) => FlagOrNone(name) ?? false;

    public bool? FlagOrNone(string name) => (Member(name)?.Value as FlagValue)?.IsSet;

    public ObjectValue? Section(string name) => Member(name)?.Value as ObjectValue;

    public ListValue? List(string name) => Member(name)?.Value as ListValue;
}
