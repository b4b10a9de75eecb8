using System.Text;
using System.Text.Json;
using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Cases/config/encodings.txt: the labels of encodings.</summary>
public sealed class EncodingTests
{
    public static TheoryData<string, string> Labels =>
        [.. from columns in Cases.Table("config/encodings.txt", " => ")
            select new TheoryDataRow<string, string>(columns[0], columns[1])];

    [Theory, MemberData(nameof(Labels))]
    public void ALabelMeansTheEncodingThatTheWebMeansByIt(string label, string expected)
    {
        var document = "{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[{\"file_path\":\"/a\",\"encoding\":"
            + JsonSerializer.Serialize(label) + "}]}}}}";

        var result = ConfigurationReader.Read("x", Encoding.UTF8.GetBytes(document));

        var name = result.Configuration?.Logs.Files[0].Encoding;
        Assert.Equal(expected, result.Configuration is null ? "unknown" : name ?? "-");
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Assert.Equal("\n", Encoding.GetEncoding(name ?? "utf-8").GetString(
            Encoding.GetEncoding(name ?? "utf-8").GetBytes("\n")));
    }
}
