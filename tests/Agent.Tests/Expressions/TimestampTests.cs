using System.Text;
using Agent.Config.Expressions;
using CloudWatch.Matching;
using Xunit;

namespace Agent.Tests.Expressions;

/// <summary>{timestamp_format} inside of an expression.</summary>
public sealed class TimestampTests
{
    [Theory]
    [InlineData("{timestamp_format}", "%Y-%m-%d %H:%M:%S", "2026-11-25 07:01:02 x", true)]
    [InlineData("{timestamp_format}", "%Y-%m-%d %H:%M:%S", "  at x (2026)", false)]
    [InlineData("^{timestamp_format} \\|", "%b %d %H:%M:%S", "Nov  5 07:01:02 | x", true)]
    [InlineData("^{timestamp_format} \\|", "%b %d %H:%M:%S", "x Nov  5 07:01:02 | x", false)]
    [InlineData("^({timestamp_format}|START)", "%s", "1795590000 x", true)]
    [InlineData("^({timestamp_format}|START)", "%s", "START", true)]
    [InlineData("{timestamp_format}{2}", "%H", "0707", true)]
    [InlineData("{timestamp_format}{2}", "%H", "07", false)]
    [InlineData("{timestamp_format}", "%B %-d", "May 5", true)]
    [InlineData("{timestamp_format}", "%FT%T.%f%z", "2026-11-25T07:01:02.123456789+00:00", true)]
    [InlineData("{timestamp_format}", "%FT%T.%f%z", "2026-11-25T07:01:02.1Z", true)]
    [InlineData("{timestamp_format}", "[%D] 5%%", "[11/25/26] 5%", true)]
    [InlineData("{timestamp_format}", "%Q.", "%Q.", true)]
    [InlineData("{timestamp_format}", "%Q.", "%Qx", false)]
    public void ItFindsTheEntrysOwnTimestamp(string written, string format, string line, bool isMatch)
    {
        Assert.True(Expression.TryRead(written, format, out var expression, out _));

        Assert.Equal(isMatch, new ByteMatcher(expression.Pattern).IsMatch(Encoding.UTF8.GetBytes(line)));
    }

    [Fact]
    public void ElsewhereItIsPlainText()
    {
        Assert.True(Expression.TryRead("{timestamp_format}", null, out var expression, out _));

        Assert.Equal("{timestamp_format}", expression.Pattern.Literal);
    }

    [Fact]
    public void AFaultBehindItStandsAtItsWrittenCharacter()
    {
        Assert.False(Expression.TryRead("{timestamp_format}(", "%Y-%m-%d", out _, out var fault));

        Assert.Equal(19, fault.Column);
    }
}
