using Xunit;

namespace Agent.Tests.Tidy;

/// <summary>The table of rooms itself.</summary>
public sealed class RoomsTests
{
    [Theory]
    [InlineData("Agent.Tail", "Agent.Upload", false)]
    [InlineData("Agent.Tail.Deeper", "Agent.Upload", false)]
    [InlineData("Agent.Tail", "Agent.Tail.Deeper", true)]
    [InlineData("Agent.Tail", "Agent.Events", true)]
    [InlineData("Agent.Tail", "Agent.Native", true)]
    [InlineData("Agent.Filter", "Agent.Events", true)]
    [InlineData("Agent.Events", "Agent.Tail", false)]
    [InlineData("Agent.Native", "Agent.Events", false)]
    [InlineData("Agent.Pipeline", "Agent.Tail", true)]
    [InlineData("Agent.Tail", "Agent.Pipeline", false)]
    [InlineData("Agent.Commands", "Agent.Pipeline", true)]
    [InlineData("Agent.Pipeline", "Agent.Commands", false)]
    [InlineData("Agent", "Agent.Commands", true)]
    [InlineData("Agent.Unheard", "Agent.Tail", false)]
    public void TheTableSaysWhoSeesWhom(string user, string used, bool isAllowed)
    {
        var breach = Rooms.Breach(new("vigil", user, "X"), new("vigil", used, "Y"));

        Assert.Equal(isAllowed ? null : $"{user}.X uses {used}.Y", breach);
    }

    [Theory]
    [InlineData("Agent.Upload", "CloudWatch", true)]
    [InlineData("Agent.Tail", "CloudWatch", false)]
    [InlineData("Agent.Pipeline", "Agent.Config", true)]
    [InlineData("Agent.Pipeline", "LocalCloud", false)]
    [InlineData("Agent.Commands", "LocalCloud", true)]
    [InlineData("Agent.Upload", "Agent.Config", false)]
    [InlineData("Agent.Tail", "System.Runtime", true)]
    public void TheTableSaysWhoSeesWhichProject(string user, string assembly, bool isAllowed) =>
        Assert.Equal(isAllowed, Rooms.Breach(new("vigil", user, "X"), new(assembly, assembly, "Y")) is null);
}
