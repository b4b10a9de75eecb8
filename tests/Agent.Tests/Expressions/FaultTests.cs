using System.Globalization;
using Agent.Config.Expressions;
using Agent.Tests.Support;
using CsCheck;
using Xunit;

namespace Agent.Tests.Expressions;

/// <summary>Cases/expressions/faults.txt: what is no expression, where, and what is said about it.</summary>
public sealed class FaultTests
{
    static readonly string[] Pieces =
    [
        "(", ")", "(?i)", "(?:", "(?P<n>", "[", "]", "[^", "-", "\\", "\\Q", "\\E", "\\x{", "\\p{L}", "{", "}", "{2,3}",
        ",", "*", "+", "?", "|", "^", "$", ".", "\\b", "\\B", "a", "ä", "😀", "\ud800", "\0", "[:alpha:]", "1000"
    ];

    public static TheoryData<string, int, string> Faults =>
        [.. from columns in Cases.Table("expressions/faults.txt", " :: ")
            let column = int.Parse(columns[1], CultureInfo.InvariantCulture)
            select new TheoryDataRow<string, int, string>(columns[0], column, columns[2])];

    [Theory, MemberData(nameof(Faults))]
    public void WhatIsNoExpressionIsSaidAtItsCharacter(string written, int column, string said)
    {
        Assert.False(Expression.TryRead(written, null, out _, out var fault));

        Assert.Equal((column, said), (fault.Column, $"{fault.What}; {fault.Remedy}"));
    }

    [Fact]
    public void AnythingGetsAnAnswer() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 40].Sample(chosen =>
        {
            var written = string.Concat(chosen.Select(index => Pieces[index]));
            var isRead = Expression.TryRead(written, null, out _, out var fault);
            Assert.Equal(isRead, fault is null);
        });

    [Theory, InlineData("(?:\\pL{100}){10}"), InlineData("(?:(?:\\pL+\\pN?){10}c{2}){100}")]
    public void AnExpressionThatWouldBeTooLargeIsAFault(string written)
    {
        Assert.False(Expression.TryRead(written, null, out _, out var fault));

        Assert.Equal("the expression is too large", fault.What);
    }

    [Theory, InlineData("(?:a{0,100}b?){10}"), InlineData("[ab]{1000}"), InlineData("(?:(?:a?b){10}c{2}){100}")]
    public void RepetitionsAreNotTooLargeByThemselves(string piece) =>
        Assert.True(Expression.TryRead(string.Concat(Enumerable.Repeat(piece, 12)), null, out _, out _));

    [Fact]
    public void GroupsMayLieInEachOtherAsDeepAsRe2AllowsIt()
    {
        var (opened, closed) = (new string('(', 1000), new string(')', 1000));

        Assert.True(Expression.TryRead($"{opened}a*b|c{closed}", null, out _, out _));
        Assert.False(Expression.TryRead($"({opened}a{closed})", null, out _, out var fault));
        Assert.Equal((1001, "at most 1000 groups may lie in each other"), (fault.Column, fault.What));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("(?i)k")]
    [InlineData("[^a]")]
    [InlineData("(a?)*")]
    [InlineData("\\p{Lu}")]
    [InlineData("(?i)[[:^upper:]]")]
    [InlineData("a*(?i)*")]
    [InlineData("(?:()()()()()()()()()()()()){1000}")]
    public void SixtyThousandCharactersAreReadInLinearTime(string piece)
    {
        var written = string.Concat(Enumerable.Repeat(piece, 60_000 / piece.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Expression.TryRead(written, null, out _, out _);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }
}
