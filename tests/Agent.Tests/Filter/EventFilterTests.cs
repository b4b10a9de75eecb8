using System.Text;
using Agent.Filter;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Filter;

public sealed class EventFilterTests
{
    static readonly FilterRule OnlySshd = new(true, "sshd", Some.Pattern("sshd"));
    static readonly FilterRule OnlyFailed = new(true, "Failed [a-z]+", Some.Pattern("Failed [a-z]+"));
    static readonly FilterRule NoDebug = new(false, "DEBUG", Some.Pattern("DEBUG"));

    [Theory]
    [InlineData("sshd: Failed password", true)]
    [InlineData("sshd: Accepted password", false)]
    [InlineData("su: Failed password", false)]
    [InlineData("sshd: Failed password DEBUG", false)]
    [InlineData("", false)]
    public void AnEventIsSentOnlyIfEveryRuleLetsItPass(string text, bool isKept) =>
        Assert.Equal(isKept, new EventFilter([OnlySshd, OnlyFailed, NoDebug]).Keeps(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void WithoutRulesEverythingIsSent() => Assert.True(new EventFilter([]).Keeps("anything"u8));

    [Fact]
    public void ADroppedEventCountsForTheFirstRuleItDoesNotPass()
    {
        var filter = new EventFilter([OnlySshd, NoDebug]);

        filter.Keeps("su: DEBUG"u8);
        filter.Keeps("sshd: DEBUG"u8);
        filter.Keeps("sshd: DEBUG"u8);
        filter.Keeps("sshd: ready"u8);

        Assert.Equal([1, 2], [filter.DroppedBy(0), filter.DroppedBy(1)]);
    }
}
