using System.Text;
using Agent.Tests.Support;
using CloudWatch.Matching;
using Xunit;

namespace Agent.Tests.Matching;

/// <summary>Where an expression matches: the earliest place, and the longest text from there.</summary>
public sealed class SpanSearchTests
{
    [Theory]
    [InlineData("abc", "xxabcabc", "2-5 5-8")]
    [InlineData(@"\d+", "a12b345", "1-3 4-7")]
    [InlineData(@"token=\S+", "a token=x1 b", "2-10")]
    [InlineData("a|ab|abc", "zabcd", "1-4")]
    [InlineData("x*", "axxb", "1-3")] // an empty match is none
    [InlineData(@"\bcat\b", "concat cat", "7-10")]
    [InlineData("^a", "aa", "0-1")]
    [InlineData("a$", "aa", "1-2")]
    [InlineData("é+", "aéé", "1-5")]
    [InlineData("(?i)PASS", "pass Pass", "0-4 5-9")]
    [InlineData("a.c", "abd", "")]
    [InlineData("", "abc", "")]
    public void Spans(string expression, string text, string expected)
    {
        var (utf8, search) = (Encoding.UTF8.GetBytes(text), new SpanSearch(Some.Pattern(expression)));
        var found = new List<string>();
        var steps = 10_000;
        for (var from = 0; search.TryFind(utf8, from, false, ref steps, out var start, out var end); from = end)
            found.Add($"{start}-{end}");

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Theory]
    [InlineData("abc", "xxab", "2-4")]
    [InlineData("abc", "xxa b", "")]
    [InlineData("a[^c]*c", "xxab", "2-4")]
    [InlineData(@"\d{6}", "x12 345", "4-7")]
    [InlineData("b$", "ab", "1-2")]
    public void WhatMayGoOnBeyondTheEndCounts(string expression, string text, string expected)
    {
        var (utf8, steps) = (Encoding.UTF8.GetBytes(text), 10_000);
        var isFound = new SpanSearch(Some.Pattern(expression)).TryFind(
            utf8, 0, isCut: true, ref steps, out var start, out var end);

        Assert.Equal(expected, isFound ? $"{start}-{end}" : "");
    }

    [Fact]
    public void WhatTakesTooLongCountsAsFound()
    {
        var (utf8, steps) = (Encoding.UTF8.GetBytes(new string('a', 2000) + "@"), 10_000);

        Assert.True(new SpanSearch(Some.Pattern("[a-z]+@[a-z]+")).TryFind(
            utf8, 0, isCut: false, ref steps, out var start, out var end));
        Assert.Equal(utf8.Length, end);
        Assert.InRange(start, 0, 10);
    }
}
