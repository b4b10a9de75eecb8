using Agent.Config.Expressions;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Expressions;

/// <summary>Cases/expressions/literals.txt: what can be searched as bytes before anything is matched.</summary>
public sealed class LiteralTests
{
    public static TheoryData<string, string, bool> Literals =>
        [.. from columns in Cases.Table("expressions/literals.txt", " :: ")
            select new TheoryDataRow<string, string, bool>(columns[0], columns[1], columns[2] == "whole")];

    [Theory, MemberData(nameof(Literals))]
    public void TheLongestTextThatEveryMatchHasIsFound(string written, string literal, bool isWhole)
    {
        Assert.True(Expression.TryRead(written, null, out var expression, out _));

        Assert.Equal((literal, isWhole), (expression.Pattern.Literal?.Trim() ?? "∅", expression.Pattern.IsLiteral));
    }
}
