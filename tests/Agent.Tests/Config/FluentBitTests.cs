using System.Text.Json.Nodes;
using Agent.Config;
using Agent.Config.Migration;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Cases/migration/fluent-bit.txt: what a configuration of Fluent Bit comes to.</summary>
public sealed class FluentBitTests
{
    public static TheoryData<string, string, string> All =>
        [.. from text in File.ReadAllText(Cases.PathOf("migration/fluent-bit.txt")).Split("=====\n")
            let case_ = text[text.IndexOf("--- ", StringComparison.Ordinal)..]
            let title = case_[4..case_.IndexOf('\n', StringComparison.Ordinal)]
            let parts = case_[(title.Length + 5)..].Split("-->\n")
            select new TheoryDataRow<string, string, string>(title, parts[0], parts[1].TrimEnd('\n'))];

    [Theory, MemberData(nameof(All))]
    public void WhatVigilDoesIsTakenOverAndTheRestIsSaid(string title, string written, string expected)
    {
        Assert.NotEmpty(title);
        var migrated = MigratedConfiguration.OfFluentBit(
            written, name => name == "more.conf" ? "[INPUT]\n Name tail\n Path /var/log/included" : null,
            name => name == "HOME" ? "home" : null);

        Assert.Equal(expected, string.Join('\n', LinesOf(migrated)));
    }

    [Fact]
    public void WhatItComesToIsAGoodConfiguration()
    {
        foreach (var (_, written, expected) in All.Select(row => row.Data))
        {
            var migrated = MigratedConfiguration.OfFluentBit(written, _ => null, _ => "x");
            var result = ConfigurationReader.Read("x", System.Text.Encoding.UTF8.GetBytes(migrated.Document));
            Assert.Equal(expected.Contains("->", StringComparison.Ordinal) && !written.Contains("@INCLUDE"),
                result.Configuration is not null);
        }
    }

    static IEnumerable<string> LinesOf(MigratedConfiguration migrated)
    {
        var document = JsonNode.Parse(migrated.Document)!;
        if (document["agent"]?["region"] is { } region)
        {
            yield return $"region {region}";
        }

        foreach (var entry in document["logs"]!["logs_collected"]!["files"]!["collect_list"]!.AsArray())
        {
            yield return $"{entry!["file_path"]} -> {entry["log_group_name"]} / {entry["log_stream_name"]}";
            foreach (var filter in entry["filters"]?.AsArray() ?? [])
            {
                yield return $"filter {filter!["type"]} {filter["expression"]}";
            }
        }

        foreach (var note in migrated.Notes)
        {
            yield return $"note {note}";
        }
    }
}
