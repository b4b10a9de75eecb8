using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Cases/merge/merges.txt: several files that are one configuration.</summary>
public sealed class MergeTests : IDisposable
{
    readonly TestFolder _folder = new();

    public MergeTests() => Directory.CreateDirectory(_folder["config.d"]);

    public static TheoryData<string, string, string> Merges =>
        [.. from columns in Cases.Table("merge/merges.txt", " | ")
            select new TheoryDataRow<string, string, string>(columns[0], columns[1], columns[2])];

    [Theory, MemberData(nameof(Merges))]
    public void FilesBecomeOneConfiguration(string first, string second, string together)
    {
        _folder.Write("config.d/b.json", Whole(second));
        _folder.Write("config.d/a.json", Whole(first));
        var result = ConfigurationReader.Read(_folder["config.d"]);

        if (together.StartsWith('{'))
        {
            Assert.Empty(result.Faults);
            Assert.Equal(SettingsOf(ConfigurationReader.Read("x", System.Text.Encoding.UTF8.GetBytes(Whole(together)))),
                SettingsOf(result));
        }
        else
        {
            Assert.Null(result.Configuration);
            var said = Said(result);
            Assert.All(together.Split('…'), part => Assert.Contains(part, said, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void EachValueSaysWhereItIsFrom()
    {
        _folder.Write("config.d/a.json", Whole("{\"logs\":[F]}"));
        _folder.Write("config.d/b.json", Whole("{\n \"logs\":[G]}"));

        var origins = ConfigurationReader.Read(_folder["config.d"]).Settings
            .Where(setting => setting.Path.EndsWith("file_path", StringComparison.Ordinal))
            .Select(setting => $"{setting.Path} {setting.Value} {Path.GetFileName($"{setting.Place}")}");

        Assert.Equal(
            [
                "logs.logs_collected.files.collect_list[0].file_path \"/a\" a.json:1:66",
                "logs.logs_collected.files.collect_list[1].file_path \"/b\" b.json:2:66"
            ],
            origins);
    }

    [Fact]
    public void WhatEditorsAndPackagesLeaveThereIsNoConfiguration()
    {
        _folder.Write("config.d/file_config", Whole("{\"logs\":[F]}"));
        foreach (var other in new[] { "a.json~", ".a.json.swp", "a.rpmnew", "a.json.tmp", "otel.yaml", "a.dpkg-old" })
        {
            _folder.Write($"config.d/{other}", "no JSON");
        }

        Assert.NotNull(ConfigurationReader.Read(_folder["config.d"]).Configuration);
    }

    [Fact]
    public void FaultsOfSeveralFilesAreToldTogether()
    {
        _folder.Write("config.d/a.json", "{");
        _folder.Write("config.d/b.json", "nonsense");

        var said = Said(ConfigurationReader.Read(_folder["config.d"]));
        Assert.Contains("a.json:1", said, StringComparison.Ordinal);
        Assert.Contains("b.json:1", said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    string Said(ReadResult result) =>
        string.Join('\n', result.Faults).Replace($"{_folder["config.d"]}/", "", StringComparison.Ordinal);

    static IEnumerable<string> SettingsOf(ReadResult result) =>
        result.Settings.Select(setting => $"{setting.Path} = {setting.Value}");

    static string Whole(string document) => document
        .Replace("[F]", Files("F"), StringComparison.Ordinal).Replace("[G]", Files("G"), StringComparison.Ordinal)
        .Replace("[F,G]", Files("F,G"), StringComparison.Ordinal)
        .Replace("F", "{\"file_path\":\"/a\",\"log_group_name\":\"g\"}", StringComparison.Ordinal)
        .Replace("G", "{\"file_path\":\"/b\",\"log_group_name\":\"g\"}", StringComparison.Ordinal);

    static string Files(string entries) =>
        "{\"logs_collected\":{\"files\":{\"collect_list\":[" + entries + "]}}}";
}
