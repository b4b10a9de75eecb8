using System.Text;
using Agent.Config.Model;
using Agent.Tests.Support;
using CloudWatch.Patterns;
using Xunit;

namespace Agent.Tests.Detect;

/// <summary>The detections that come with Vigil, held against what hosts log, and against what attackers make them
/// log.</summary>
public sealed class DetectionPackTests
{
    public static TheoryData<string, string, string> Lines
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var row in Cases.Table("detect/packs.txt", " | "))
                data.Add(row[0], row[1], row[2]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void ADetectionCountsWhatItIsFor(string detection, string line, string expected)
    {
        var packed = DetectionPack.All.SelectMany(pack => pack.Detections).Single(one => one.Name == detection);

        Assert.True(FilterPattern.TryParse(packed.Pattern!, out var pattern, out var fault), $"{fault}");
        Assert.Equal(expected, pattern.Matcher().Matches(Encoding.UTF8.GetBytes(line)) ? "yes" : "no");
    }

    [Fact]
    public void EachHasALineThatItCounts() => Assert.Equal(
        DetectionPack.All.SelectMany(pack => pack.Detections).Where(one => one.Measured is null)
            .Select(one => one.Name).Order(StringComparer.Ordinal),
        Cases.Table("detect/packs.txt", " | ").Where(row => row[2] == "yes").Select(row => row[0]).Distinct()
            .Order(StringComparer.Ordinal));
}
