using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Cases/config/keys.txt: one key with one value in an otherwise good document, and what is said about it.
/// </summary>
public sealed class KeyTests
{
    public static TheoryData<string, string, string> Keys =>
        [.. from columns in Cases.Table("config/keys.txt", " | ")
            select new TheoryDataRow<string, string, string>(columns[0], columns[1], columns[2])];

    [Theory, MemberData(nameof(Keys))]
    public void AKeyTakesWhatItsTableSaysAndNothingElse(string key, string value, string expected)
    {
        var result = ConfigurationReader.Read("x", Encoding.UTF8.GetBytes(DocumentWith(key, value)));

        var said = result.Faults.Select(fault => $"{fault.Severity}: {fault.What}; {fault.Remedy}");
        Assert.Equal(expected, result.Faults.Count == 0 ? "good" : string.Join(" + ", said));
    }

    // In keys.txt file/x is the key x of the one collected file, and "text of 513" is that many letters.
    static string DocumentWith(string key, string value)
    {
        var file = new JsonObject { ["file_path"] = "/var/log/secure" };
        var files = new JsonObject { ["collect_list"] = new JsonArray(file) };
        var collected = new JsonObject { ["files"] = files };
        var document = new JsonObject { ["logs"] = new JsonObject { ["logs_collected"] = collected } };

        var steps = key.Split('/');
        var section = steps[0] == "file" ? file : document;
        foreach (var step in steps.SkipLast(1).Where(step => step != "file"))
            section = (JsonObject)(section[step] ??= new JsonObject());

        section[steps[^1]] = value.StartsWith("text of ", StringComparison.Ordinal)
            ? new string('a', int.Parse(value["text of ".Length..], CultureInfo.InvariantCulture))
            : JsonNode.Parse(value);
        return document.ToJsonString();
    }
}
