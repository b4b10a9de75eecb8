using System.Text.RegularExpressions;

namespace Agent.Config.Reading;

/// <summary>Puts in for ${NAME} in any text what the environment says, as the CloudWatch agent does. What it does not
/// say stays as it is written, for the checks to speak about.</summary>
static partial class Expansion
{
    /// <summary>The same tree, with the values for the names.</summary>
    public static Value Of(Value value) => value switch
    {
        TextValue text when text.Text.Contains("${", StringComparison.Ordinal) =>
            new TextValue(text.Place, text.Path, Expanded(text.Text)),
        ListValue list => new ListValue(list.Place, list.Path, [.. list.Items.Select(Of)]),
        ObjectValue section => new ObjectValue(section.Place, section.Path, section.Members.ToDictionary(
            member => member.Name, member => member with { Value = Of(member.Value) }, StringComparer.Ordinal)),
        _ => value
    };

    static string Expanded(string text) => Variable().Replace(
        text, found => Environment.GetEnvironmentVariable(found.Groups["name"].Value) ?? found.Value);

    [GeneratedRegex(
        @"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
