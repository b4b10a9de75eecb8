using Agent.Config.Expressions;

namespace Agent.Config.Model;

/// <summary>One of an entry's <c>filters</c>; an event is sent if all of them let it pass.</summary>
/// <param name="IsInclude">Lets pass what matches; otherwise what does not.</param>
public sealed record FilterExpression(bool IsInclude, Expression Expression)
{
    internal static IReadOnlyList<FilterExpression> AllOf(Reading.ObjectValue entry)
    {
        var filters = new List<FilterExpression>();
        foreach (var filter in entry.List("filters")?.Items.OfType<Reading.ObjectValue>() ?? [])
        {
            if (Expression.Of(filter.Text("expression")) is { } expression)
                filters.Add(new(filter.Text("type") == "include", expression));
        }

        return filters;
    }
}
