using System.Text;
using System.Text.Json;
using CloudWatch.Patterns;

namespace LocalCloud.Tests;

public sealed class FilterPatternTests
{
    [Theory]
    [InlineData("", "anything", true)]
    [InlineData("", "", true)]
    [InlineData("  ", "anything", true)]
    [InlineData("ERROR", "TERROR_X", true)]
    [InlineData("ERROR", "error", false)]
    [InlineData("  ERROR\tREQUEST ", "BAD REQUEST, ERROR", true)]
    [InlineData("ERROR ARGUMENTS", "ERROR", false)]
    [InlineData("\"a  b\"", "a  b", true)]
    [InlineData("\"a  b\"", "a b", false)]
    [InlineData("\" \"", "nospace", false)]
    [InlineData("\"say \\\"hi\\\" \\\\ \"", "say \"hi\" \\ now", true)]
    [InlineData("\"[x]: é😀\"", "1 [x]: é😀!", true)]
    [InlineData("-ERROR", "ok", true)]
    [InlineData("-\"a b\"", "x a b", false)]
    [InlineData("?A ?B", "B", true)]
    [InlineData("?A ?B", "C", false)]
    [InlineData("?A ?B C", "C", true)]
    [InlineData("?A ?B -C", "D", true)]
    [InlineData("in-word", "an in-word hyphen", true)]
    public void Terms_match_as_the_user_guide_says(string text, string message, bool expected)
    {
        Assert.True(FilterPattern.TryParse(text, out var pattern, out var error), error);
        Assert.Equal(expected, pattern.Matches(Encoding.UTF8.GetBytes(message)));
    }

    [Theory]
    [InlineData("ERR*", "Invalid character(s) in term 'ERR*'")]
    [InlineData("ok a:b", "Invalid character(s) in term 'a:'")]
    [InlineData("é", "Invalid character(s) in term 'é'")]
    [InlineData("--a", "Invalid character(s) in term '-'")]
    [InlineData("\"a\"b", "Invalid character(s) in term '\"a\"b'")]
    [InlineData("\"a", "Invalid filter pattern")]
    [InlineData("\"a\\\"", "Invalid filter pattern")]
    [InlineData("\"\"", "Invalid filter pattern")]
    [InlineData("a -", "Invalid filter pattern")]
    [InlineData("?", "Invalid filter pattern")]
    public void What_is_no_pattern_is_refused_in_the_services_words(string text, string expected)
    {
        Assert.False(FilterPattern.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        Assert.True(FilterPattern.TryParse("ERROR -\"BAD REQUEST\"", out var pattern, out _));
        var message = "ERROR ARGUMENTS"u8.ToArray();
        pattern.Matches(message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
            pattern.Matches(message);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Every_recorded_outcome_of_the_terms_form_holds()
    {
        var vectors = FindVectors();
        Assert.SkipWhen(
            vectors is null, "The recorded outcomes (shared/spec/filter-vectors.jsonl) are not beside this checkout.");
        var checkedCount = 0;
        foreach (var line in File.ReadLines(vectors))
        {
            var vector = JsonDocument.Parse(line).RootElement;
            var text = vector.GetProperty("pattern").GetString()!;
            if (text.TrimStart() is ['{' or '[', ..] || text.Contains('%', StringComparison.Ordinal))
                continue;

            var outcome = FilterPattern.TryParse(text, out var pattern, out _)
                ? pattern.Matches(Encoding.UTF8.GetBytes(vector.GetProperty("message").GetString()!)) ? "True" : "False"
                : "error";
            Assert.True(vector.GetProperty("match").ToString() == outcome, $"{line}: {outcome}");
            checkedCount++;
        }

        Assert.True(checkedCount > 300, $"only {checkedCount} vectors of the terms form");
    }

    static string? FindVectors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "spec", "filter-vectors.jsonl");
            if (File.Exists(file))
                return file;
        }

        return null;
    }
}
