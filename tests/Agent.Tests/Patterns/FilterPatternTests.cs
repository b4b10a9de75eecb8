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
        Assert.True(matcher.Matches(Nested(499)));
        Assert.False(matcher.Matches(Nested(500)));

        static byte[] Nested(int levels) =>
            Encoding.UTF8.GetBytes($$"""{"b":{{new string('[', levels - 1)}}1{{new string(']', levels - 1)}}}""");
    }

    /// <summary>Lines of a megabyte that a reader which goes back would take hours for.</summary>
    [Theory]
    [InlineData("[a, ..., z]", "", "\"x ", "")]
    [InlineData("[a, ..., z]", "", "[x ", "")]
    [InlineData("[a=\"*a*a*a*a*b\", ...]", "", "a", "")]
    [InlineData("%a[ab]{1000}c%", "", "?", "")]
    [InlineData("{ $.x = \"*a*a*b\" }", "{\"x\":\"", "\\u0061", "\"}")]
    [InlineData("{ $.x[*] = 1 }", "{\"x\":[", "[2],", "1]}")]
    [InlineData("{ $.* = 1 && $.b NOT EXISTS }", "{", "\"\\u0061\":2,", "\"c\":1}")]
    public async Task ALineOfAMegabyteIsSoonDone(string written, string begin, string piece, string end)
    {
        const int Bytes = 1_000_000;
        var random = new Random(1);
        var matcher = Parse(written).Matcher();
        var middle = piece == "?"
            ? string.Concat(Enumerable.Range(0, Bytes).Select(_ => random.Next(2) == 0 ? 'a' : 'b'))
            : string.Concat(Enumerable.Repeat(piece, Bytes / piece.Length));
        var line = Encoding.UTF8.GetBytes(begin + middle + end);
        var matching = Task.Run(() => matcher.Matches(line), TestContext.Current.CancellationToken);

        await matching.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AsManyConditionsAsAPatternHasRoomForAreToldApart()
    {
        var conditions = Enumerable.Range(0, 145).Select(i => $"$.{(char)('a' + (i % 26))}={i % 10}");
        var written = $"{{{string.Join("||", conditions)}}}";
        var matcher = Parse(written).Matcher();

        for (var i = 0; i < 145; i++)
        {
            Assert.True(matcher.Matches(Encoding.UTF8.GetBytes($$"""{"{{(char)('a' + (i % 26))}}":{{i % 10}}}""")));
        }

        Assert.False(matcher.Matches("""{"a":"x"}"""u8));
        var last = Parse($"{{{string.Concat(Enumerable.Repeat("$.a=1||", 144))}$.b=1}}").Matcher();
        Assert.True(last.Matches("""{"b":1}"""u8));
    }

    [Fact]
    public void NoBytesBreakAMatcher() =>
        Gen.Select(
            Gen.OneOf(RandomPatterns.TermPatterns, RandomPatterns.FieldPatterns, RandomPatterns.JsonPatterns),
            Gen.OneOf(RandomPatterns.Lines, RandomPatterns.JsonMessages), Gen.Byte, Gen.Int[0, 1000]).Sample(
            (written, message, one, at) =>
            {
                var bytes = Encoding.UTF8.GetBytes(message + " ");
                bytes[at % bytes.Length] = one;
                _ = Parse(written).Matcher().Matches(bytes);
            },
            iter: 10_000);

    [Fact]
    public void NoTextBreaksTheReaderOfPatterns() =>
        Gen.Select(
            Gen.OneOf(RandomPatterns.TermPatterns, RandomPatterns.FieldPatterns, RandomPatterns.JsonPatterns),
            Gen.Int[0, 60],
            RandomPatterns.OneOf(
                "", "\"", "%", "%[a-", "-", "[", "]", "(", "}", "\\", "$", "é", "😀"[..1], ".", ",", "*", "{"))
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
                var (matcher, again) = (pattern.Matcher(), Parse($"{pattern.Tree}").Matcher());
                foreach (var text in texts)
                {
                    var (expected, utf8) = (PlainPattern.Matches(pattern.Tree, text), Encoding.UTF8.GetBytes(text));
                    Assert.True(expected == matcher.Matches(utf8), $"{written} against {text}");
                    Assert.True(expected == again.Matches(utf8), $"{pattern.Tree}, from {written}, against {text}");
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
