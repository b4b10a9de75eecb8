using Agent.Framing;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>What the end of a block may be forgiven: a character that goes on in the next block, nothing else.
/// </summary>
public sealed class PartedEndTests
{
    [Theory]
    [InlineData("61FF")]
    [InlineData("61FF0A")]
    [InlineData("6180")]
    [InlineData("61C30A")]
    public void ABadByteAtTheEndIsNoPartedCharacter(string hex) =>
        Assert.False(Utf8Text.IsValidButForItsEnd(Convert.FromHexString(hex)));
}
