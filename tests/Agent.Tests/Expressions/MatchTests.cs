using System.Text;
using Agent.Config.Expressions;
using CloudWatch.Matching;
using Xunit;

namespace Agent.Tests.Expressions;

/// <summary>Cases/expressions/matches.txt: what RE2 finds is found, and nothing else.</summary>
public sealed class MatchTests
{
    public static TheoryData<string, string, bool> Cases => All();

    [Theory, MemberData(nameof(Cases))]
    public void AnExpressionMatchesWhatItMatchesForRe2(string written, string text, bool isMatch)
    {
        var matcher = new ByteMatcher(Read(written).Pattern);

        Assert.Equal(isMatch, matcher.IsMatch(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(isMatch, matcher.IsMatch(Encoding.UTF8.GetBytes(text))); // by what the first time left
    }

    [Theory, MemberData(nameof(Cases))]
    public void WhatMatchesHasTheLiteral(string written, string text, bool isMatch)
    {
        var pattern = Read(written).Pattern;
        var hasLiteral = pattern.Literal is null || text.Contains(pattern.Literal, StringComparison.Ordinal);

        Assert.True(hasLiteral || !isMatch);
        Assert.True(isMatch || !hasLiteral || !pattern.IsLiteral);
    }

    static Expression Read(string written)
    {
        Assert.True(Expression.TryRead(written, null, out var expression, out var fault), fault?.What);
        return expression;
    }

    static TheoryData<string, string, bool> All()
    {
        var all = new TheoryData<string, string, bool>();
        var written = "";
        foreach (var columns in Support.Cases.Table("expressions/matches.txt", "::"))
        {
            written = columns[0].Length > 0 ? columns[0] : written;
            all.Add(written, Plain(columns[1]), columns[2] == "yes");
        }

        return all;
    }

    static string Plain(string text) => string.Concat(text.Select(letter => letter switch
    {
        '␊' => "\n",
        '␉' => "\t",
        '␍' => "\r",
        '␋' => "\v",
        '␌' => "\f",
        '␇' => "\a",
        '␀' => "\0",
        '␠' => " ",
        '⍽' => "\u00A0",
        '∅' => "",
        _ => letter.ToString()
    }));
}
