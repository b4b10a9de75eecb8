using System.Text;

namespace Agent.Config.Reading;

/// <summary>Puts in for ${NAME} in any text what the environment says, as the CloudWatch agent does. What it does not
/// say stays as it is written, for the checks to speak about.</summary>
static class Expansion
{
    /// <summary>The same tree, with the values for the names.</summary>
    public static Value Of(Value value) => value switch
    {
        TextValue text when text.Text.Contains("${", StringComparison.Ordinal) =>
            new TextValue(text.Place, text.Path, Of(text.Text, Environment.GetEnvironmentVariable)),
        ListValue list => new ListValue(list.Place, list.Path, [.. list.Items.Select(Of)]),
        ObjectValue section => new ObjectValue(section.Place, section.Path, section.Members.ToDictionary(
            member => member.Name, member => member with { Value = Of(member.Value) }, StringComparer.Ordinal)),
        _ => value
    };

    /// <summary>A text with the values for the names in it. What a value holds is not looked into.</summary>
    /// <param name="variable">Null for a name that has none: it stays.</param>
    public static string Of(string text, Func<string, string?> variable)
    {
        var expanded = new StringBuilder();
        var from = 0;
        while (text.IndexOf("${", from, StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = text.IndexOf('}', start);
            if (end < 0)
                break;

            var name = text[(start + 2)..end];
            expanded.Append(text, from, start - from).Append(variable(name) ?? text[start..(end + 1)]);
            from = end + 1;
        }

        return expanded.Append(text, from, text.Length - from).ToString();
    }
}
