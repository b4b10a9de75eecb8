using System.Text;
using Agent.Tests.Support;
using CloudWatch.Patterns;
using CsCheck;
using Xunit;

namespace Agent.Tests.Patterns;

/// <summary>Filter patterns: what they match, and what is said of those that are none.</summary>
public sealed class FilterPatternTests
{
    public static TheoryData<string, string, string> Matching => Table("patterns/matches.txt");

    public static TheoryData<string, string, string> Faults
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var row in Cases.Table("patterns/faults.txt", "::"))
                data.Add(Written(row[0]), row[1], row[2]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Matching))]
    public void APatternMatchesWhatItSays(string written, string message, string expected)
    {
        Assert.True(FilterPattern.TryParse(written, out var pattern, out var fault), $"{fault}");
        Assert.Equal(expected, pattern.Matcher().Matches(Encoding.UTF8.GetBytes(message)) ? "yes" : "no");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void WhatIsNoPatternIsSaidWithItsPlaceAndInTheServicesWords(string written, string said, string service)
    {
        Assert.False(FilterPattern.TryParse(written, out _, out var fault));
        Assert.Equal((said, service), ($"{fault}", fault.ServiceMessage()));
    }

    [Fact]
    public void APatternOfTermsAgreesWithItsPlainestReading() =>
        Agrees(RandomPatterns.TermPatterns, RandomPatterns.Lines);

    [Fact]
    public void APatternOfFieldsAgreesWithItsPlainestReading() =>
        Agrees(RandomPatterns.FieldPatterns, RandomPatterns.Lines);

    [Fact]
    public void APatternOfJsonAgreesWithItsPlainestReading() =>
        Agrees(RandomPatterns.JsonPatterns, RandomPatterns.JsonMessages);

    [Fact]
    public void APatternWrittenFromItsTreeIsTheSamePattern() =>
        Gen.OneOf(RandomPatterns.TermPatterns, RandomPatterns.FieldPatterns, RandomPatterns.JsonPatterns).Sample(
            written =>
            {
                var tree = Parse(written).Tree.ToString()!;
                Assert.Equal(tree, Parse(tree).Tree.ToString());
            },
            iter: 5000);

    [Theory]
    [InlineData("ERROR -\"BAD REQUEST\"", "ERROR ARGUMENTS")]
    [InlineData("%[Ff]ailed \\w+%", "sshd: Failed password for root")]
    [InlineData(
        "{ $.a[*].b = 1 && $.c = \"x*\" && $.d > 5 && $.e IS NULL }",
        """{"a":[{"b":1}],"c":"\u0078y","d":6,"e":null}""")]
    [InlineData("[a, ..., y = 4*, z > 10 || z = %^x%]", "a \"b c\" [d e] 404 11")]
    public void MatchingAllocatesNothing(string written, string message)
    {
        var matcher = Parse(written).Matcher();
        var utf8 = Encoding.UTF8.GetBytes(message);
        Assert.True(matcher.Matches(utf8));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
            _ = matcher.Matches(utf8);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>As deep as it takes for a reader that calls itself to end the process, if it let itself.</summary>
    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void AMessageThatNestsWithoutEndMatchesNothing(string opening, string closing)
    {
        var matcher = Parse("{ $.a NOT EXISTS }").Matcher();
        var deep = string.Concat(Enumerable.Repeat(opening, 300_000)) + "1"
            + string.Concat(Enumerable.Repeat(closing, 300_000));

        Assert.False(matcher.Matches(Encoding.UTF8.GetBytes($$"""{"b":{{deep}}}""")));
        Assert.True(matcher.Matches("""{"b":[[[[[[[[1]]]]]]]]}"""u8));
    }

    /// <summary>Lines of a megabyte that a reader which goes back would take hours for.</summary>
    [Theory]
    [InlineData("[a, ..., z]", "\"x ")]
    [InlineData("[a, ..., z]", "[x ")]
    [InlineData("[a, b]", "\" ")]
    [InlineData("%a[ab]{0,100}c%", "ab")]
    [InlineData("[a=\"*a*a*a*a*b\", ...]", "a")]
    [InlineData("{ $.* = \"x*\" }", "{\"a\":")]
    [InlineData("{ $.* = \"x*\" }", "\\u")]
    public async Task ALineOfAMegabyteIsSoonDone(string written, string piece)
    {
        var matcher = Parse(written).Matcher();
        var line = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length)));
        var matching = Task.Run(() => matcher.Matches(line), TestContext.Current.CancellationToken);

        await matching.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void NoTextBreaksTheReaderOfPatterns() =>
        Gen.Select(
            Gen.OneOf(RandomPatterns.TermPatterns, RandomPatterns.FieldPatterns, RandomPatterns.JsonPatterns),
            Gen.Int[0, 60],
            RandomPatterns.OneOf("", "\"", "%", "[", "]", "(", "}", "\\", "$", "é", "😀"[..1], ".", ",", "*", "{"))
            .Sample(
                (written, at, into) =>
                {
                    at = Math.Min(at, written.Length);
                    var broken = (into.Length == 0 ? written[..at] : written).Insert(at, into);
                    if (FilterPattern.TryParse(broken, out var pattern, out var fault))
                        _ = pattern.Matcher().Matches("a b {\"a\":1}"u8);
                    else
                        Assert.InRange(fault.Column, 1, broken.Length + 1);
                },
                iter: 10_000);

    static void Agrees(Gen<string> patterns, Gen<string> messages) =>
        Gen.Select(patterns, messages.Array[1, 6]).Sample(
            (written, texts) =>
            {
                var pattern = Parse(written);
                var matcher = pattern.Matcher();
                foreach (var text in texts)
                {
                    Assert.True(
                        PlainPattern.Matches(pattern.Tree, text) == matcher.Matches(Encoding.UTF8.GetBytes(text)),
                        $"{written} against {text}");
                }
            },
            iter: 20_000);

    static FilterPattern Parse(string written) => FilterPattern.TryParse(written, out var pattern, out var fault)
        ? pattern
        : throw new ArgumentException($"{written}: {fault}", nameof(written));

    static TheoryData<string, string, string> Table(string name)
    {
        var data = new TheoryData<string, string, string>();
        var pattern = "";
        foreach (var row in Cases.Table(name, "::"))
        {
            pattern = row[0].Length > 0 ? row[0] : pattern;
            data.Add(Written(pattern), Written(row[1]), row[2]);
        }

        return data;
    }

    static string Written(string cell) => cell
        .Replace("␊", "\n", StringComparison.Ordinal).Replace("␉", "\t", StringComparison.Ordinal)
        .Replace("␠", " ", StringComparison.Ordinal).Replace("∅", "", StringComparison.Ordinal);
}
