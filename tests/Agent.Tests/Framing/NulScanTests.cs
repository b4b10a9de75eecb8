using Agent.Framing;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>No NUL is overlooked, wherever it stands.</summary>
public sealed class NulScanTests
{
    [Fact]
    public void ANulIsFoundWhereverItStands()
    {
        for (var length = 0; length <= 300; length++)
        {
            var text = new byte[length];
            Array.Fill(text, (byte)0xFF);
            Assert.False(NulScan.Finds(text));
            for (var at = 0; at < length; at++)
            {
                text[at] = 0;
                Assert.True(NulScan.Finds(text), $"at {at} of {length}");
                text[at] = 0xFF;
            }
        }
    }
}
