using System.Text.Json.Nodes;
using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

public sealed class SchemaTests
{
    [Fact]
    public void TheSchemaHasEveryKeyOfTheGoodDocuments()
    {
        var schema = JsonNode.Parse(ConfigurationKeys.Schema())!.AsObject();
        foreach (var document in Directory.GetFiles(Cases.PathOf("config/good"), "*.json"))
        {
            Assert.Empty(Unknown(JsonNode.Parse(File.ReadAllText(document))!, schema));
        }
    }

    [Fact]
    public void EveryKeyIsKnownByItsPathWithWhatItIs()
    {
        var retention = Assert.Single(
            ConfigurationKeys.All, key => key.Path == "logs.logs_collected.files.collect_list[].retention_in_days");

        Assert.StartsWith("one of -1, 1, 3", retention.Allowed, StringComparison.Ordinal);
        Assert.All(ConfigurationKeys.All, key => Assert.NotEmpty(key.Means));
        Assert.Equal("no metrics are collected", ConfigurationKeys.All.Single(key => key.Path == "metrics").NotServed);
    }

    [Fact]
    public void AnEmptyFileInAFolderIsAFaultAndNoFileThatIsWaitedFor()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["config.d"]);
        folder.Write("config.d/a.json", "");

        var fault = Assert.Single(ConfigurationReader.Read(folder["config.d"]).Faults);
        Assert.Equal("is empty", fault.What);
    }

    // The keys of a document that its schema does not have.
    static IEnumerable<string> Unknown(JsonNode node, JsonObject schema)
    {
        if (node is JsonArray items)
        {
            return items.SelectMany(item => Unknown(item!, schema["items"]!.AsObject()));
        }

        if (node is not JsonObject members || schema["properties"] is not JsonObject properties)
        {
            return [];
        }

        return members.SelectMany(member => properties[member.Key] is JsonObject known
            ? Unknown(member.Value!, known)
            : schema["additionalProperties"]!.GetValue<bool>() ? [] : [member.Key]);
    }
}
