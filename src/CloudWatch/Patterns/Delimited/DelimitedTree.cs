using System.Text;

namespace CloudWatch.Patterns.Delimited;

/// <summary>A comparison of the field that it is written in.</summary>
/// <param name="Name">The field's own.</param>
public sealed record FieldCondition(string Name, ValueTest Test) : Clause
{
    public override string ToString() => $"{Name} {Test}";
}

/// <summary>One entry between the brackets.</summary>
/// <param name="Condition">Null for a field that may hold anything.</param>
public sealed record Field(string Name, Clause? Condition)
{
    public override string ToString() => Condition?.ToString() ?? Name;
}

/// <summary>What a pattern of the space-delimited form means.</summary>
/// <param name="First">The fields that a message begins with.</param>
/// <param name="Last">The fields that it ends with; null where the pattern has no ellipsis, so that the last of
/// <paramref name="First"/> takes the rest of the message. <c>[]</c> is read as an ellipsis alone.</param>
public sealed record DelimitedTree(IReadOnlyList<Field> First, IReadOnlyList<Field>? Last) : PatternTree
{
    public override PatternMatcher Matcher(IReadOnlyList<ValueSelector> selectors) =>
        new DelimitedMatcher(this, selectors);

    /// <summary>All its named fields, in order.</summary>
    public IEnumerable<Field> Fields => First.Concat(Last ?? []);

    public override IReadOnlyList<KeyValuePair<string, string>> Extract(ReadOnlySpan<byte> utf8Message)
    {
        var places = FieldSplitter.All(utf8Message);
        var skipped = places.Count - Fields.Count();
        if (Last is null && skipped > 0)
        {
            places = [.. places[..(First.Count - 1)], FieldSplitter.Rest(utf8Message, places[First.Count - 1])];
            skipped = 0;
        }

        if (skipped < 0)
            return [];

        var names = First.Select(field => field.Name)
            .Concat(Enumerable.Range(First.Count + 1, skipped).Select(number => $"{number}"))
            .Concat((Last ?? []).Select(field => field.Name));
        var values = new List<KeyValuePair<string, string>>();
        foreach (var (name, place) in names.Zip(places))
            values.Add(new($"${name}", Encoding.UTF8.GetString(place.In(utf8Message))));

        return values;
    }

    public override string ToString() =>
        $"[{string.Join(", ", [.. First.Select(field => $"{field}"), .. Ellipsis, .. Last ?? []])}]";

    IEnumerable<object> Ellipsis => Last is null ? [] : ["..."];
}
