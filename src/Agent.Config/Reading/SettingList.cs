using System.Text.Encodings.Web;
using System.Text.Json;

namespace Agent.Config.Reading;

/// <summary>A document as lines, one for each value that holds no others.</summary>
static class SettingList
{
    // By the place in the merged document: in its own file a value may be the first where it is the third here.
    public static IEnumerable<Setting> Of(Value value) => Of(value, KeyPath.Root);

    static IEnumerable<Setting> Of(Value value, KeyPath path) => value switch
    {
        ObjectValue section when section.Members.Any() => section.Members
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .SelectMany(member => Of(member.Value, path.Key(member.Name))),
        ListValue { Items.Count: > 0 } list => list.Items.SelectMany((item, index) => Of(item, path.Item(index))),
        _ => [new($"{path}", JsonOf(value), value.Place)]
    };

    static string JsonOf(Value value) => value switch
    {
        TextValue text => $"\"{JsonEncodedText.Encode(text.Text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"",
        ObjectValue => "{}",
        ListValue => "[]",
        _ => value.Found
    };
}
