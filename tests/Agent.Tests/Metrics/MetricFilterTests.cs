using System.Globalization;
using System.Text;
using Agent.Tests.Support;
using CloudWatch.Metrics;
using CloudWatch.Patterns;
using Xunit;

namespace Agent.Tests.Metrics;

/// <summary>Metric filters: what they make of log events.</summary>
public sealed class MetricFilterTests
{
    public static TheoryData<string, string, string, string, string> Observations
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string>();
            foreach (var row in Cases.Table("metrics/filters.txt", "::"))
                data.Add(row[0], row[1], row[2], row[3], row[4]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Observations))]
    public void AFilterObservesWhatMatches(
        string pattern, string value, string defaultValue, string messages, string expected)
    {
        Assert.True(
            MetricFilter.TryCreate(
                Parse(pattern), value,
                defaultValue == "-" ? null : double.Parse(defaultValue, CultureInfo.InvariantCulture), [],
                out var filter, out var error),
            error);
        var matcher = filter.CreateMatcher();
        var observed = new List<double>();
        foreach (var message in messages.Split('|'))
        {
            if (matcher.TryObserve(Encoding.UTF8.GetBytes(message), out var one, out _))
                observed.Add(one);
        }

        Assert.Equal(
            expected,
            observed.Count == 0 ? "-"
                : string.Join(' ', observed.Select(one => one.ToString(CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("ERROR", "x", "Invalid metric transformation: metric value x must be a valid number")]
    [InlineData("ERROR", "$.x", "Invalid metric transformation: metric value $.x must be a valid number")]
    [InlineData("{ $.a = 1 }", "$a", "Invalid metric transformation: metric value $a must be a valid number")]
    [InlineData("[a]", "$.a", "Invalid metric transformation: metric value $.a must be a valid number")]
    [InlineData("{ $.a = 1 }", "$.a[*]", "Invalid metric transformation: metric value $.a[*] must be a valid number")]
    [InlineData("ERROR", "NaN", "Invalid metric transformation: metric value NaN must be a valid number")]
    public void AValueThatIsNoneIsRefusedInTheServicesWords(string pattern, string value, string expected)
    {
        Assert.False(MetricFilter.TryCreate(Parse(pattern), value, null, [], out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("ERROR", null, "$.a", "The specified filter pattern does not support dimensions")]
    [InlineData("{ $.a = 1 }", null, "a", "Invalid metric transformation: dimension value must be valid selector")]
    [InlineData(
        "{ $.a = 1 }", 0.0, "$.a",
        "Invalid metric transformation: dimensions and default value are mutually exclusive properties")]
    [InlineData(
        "{ $.a = 1 }", null, "$.a $.b $.c $.d",
        "Number of dimensions exceeds the maximum number of dimensions supported per metric filter")]
    public void DimensionsThatCannotBeAreRefusedInTheServicesWords(
        string pattern, double? defaultValue, string selectors, string expected)
    {
        var dimensions = selectors.Split(' ').Index()
            .Select(one => KeyValuePair.Create($"D{one.Index}", one.Item)).ToList();

        Assert.False(MetricFilter.TryCreate(Parse(pattern), "1", defaultValue, dimensions, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void AnEventThatLacksADimensionsValueIsNotObserved()
    {
        Assert.True(MetricFilter.TryCreate(
            Parse("[ip, user, ...]"), "1", null, [new("Address", "$ip"), new("Third", "$3")], out var filter, out _));
        var matcher = filter.CreateMatcher();
        var whole = "10.0.0.1 root \"a b\""u8;
        var part = "10.0.0.1 root"u8;

        Assert.True(matcher.TryObserve(whole, out _, out _));
        Assert.Equal("10.0.0.1", Encoding.UTF8.GetString(matcher.Dimension(0, whole)));
        Assert.Equal("a b", Encoding.UTF8.GetString(matcher.Dimension(1, whole)));
        Assert.False(matcher.TryObserve(part, out _, out _));
    }

    [Fact]
    public void TheFieldsOfAMatchAreShownByTheirNamesOrNumbers()
    {
        var message = "10.0.0.1 - \"a b\" [c d] 404"u8;

        Assert.Equal(
            ["$ip=10.0.0.1", "$2=-", "$3=a b", "$day=c d", "$code=404"],
            Parse("[ip, ..., day, code]").Tree.Extract(message).Select(one => $"{one.Key}={one.Value}"));
        Assert.Equal(
            ["$ip=10.0.0.1", "$rest=- \"a b\" [c d] 404"],
            Parse("[ip, rest]").Tree.Extract(message).Select(one => $"{one.Key}={one.Value}"));
        Assert.Empty(Parse("a").Tree.Extract(message));
    }

    static FilterPattern Parse(string written) => FilterPattern.TryParse(written, out var pattern, out var fault)
        ? pattern
        : throw new ArgumentException($"{fault}", nameof(written));
}
