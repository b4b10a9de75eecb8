using Agent.Config.Reading;

namespace Agent.Config.Merging;

/// <summary>Whether two values say the same, wherever they stand.</summary>
static class SameValue
{
    public static IEqualityComparer<Value> Comparer { get; } = EqualityComparer<Value>.Create(
        (one, other) => one is not null && other is not null && Is(one, other), HashOf);

    public static bool Is(Value one, Value other) => (one, other) switch
    {
        (TextValue a, TextValue b) => a.Text == b.Text,
        (NumberValue { Whole: { } a }, NumberValue { Whole: { } b }) => a == b,
        (NumberValue a, NumberValue b) => a.Found == b.Found,
        (FlagValue a, FlagValue b) => a.IsSet == b.IsSet,
        (NullValue, NullValue) => true,
        (ListValue a, ListValue b) => a.Items.SequenceEqual(b.Items, Comparer),
        (ObjectValue a, ObjectValue b) => a.Members.Count() == b.Members.Count()
            && a.Members.All(member => b.Member(member.Name) is { } same && Is(member.Value, same.Value)),
        _ => false
    };

    // What a list of sixteen thousand entries is told apart by: one by one would be a hundred million comparisons.
    static int HashOf(Value value) => value switch
    {
        TextValue text => string.GetHashCode(text.Text, StringComparison.Ordinal),
        NumberValue number => number.Whole?.GetHashCode() ?? string.GetHashCode(number.Found, StringComparison.Ordinal),
        ListValue list => list.Items.Aggregate(0, (hash, item) => HashCode.Combine(hash, HashOf(item))),
        ObjectValue section => section.Members.Aggregate(
            0, (hash, member) => hash ^ HashCode.Combine(member.Name, HashOf(member.Value))),
        _ => value.GetType().GetHashCode()
    };
}
