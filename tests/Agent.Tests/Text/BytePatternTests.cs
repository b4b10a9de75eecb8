using System.Text;
using Agent.Text;
using Xunit;

namespace Agent.Tests.Text;

public sealed class BytePatternTests
{
    [Theory]
    [InlineData("Failed [a-z]+ for", "Failed ", false, "sshd: Failed password for root", true)]
    [InlineData("Failed [a-z]+ for", "Failed ", false, "sshd: Failed 1 for root", false)]
    [InlineData("Failed [a-z]+ for", "Failed ", false, "sshd: Accepted password for root", false)]
    [InlineData("[0-9]{3}", null, false, "a 404 b", true)]
    [InlineData("[0-9]{3}", null, false, "", false)]
    [InlineData("\\A\\z", null, false, "", true)]
    [InlineData("a\\+b", "a+b", true, "x a+b", true)]
    [InlineData("a\\+b", "a+b", true, "x aab", false)]
    [InlineData("k.se", "k", false, "käse", true)]
    [InlineData("käse", "käse", true, "käse", true)]
    public void APatternIsLookedForAnywhereInTheText(
        string pattern, string? literal, bool isLiteral, string text, bool isMatch) =>
        Assert.Equal(isMatch, new BytePattern(pattern, literal, isLiteral).IsMatch(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void BytesThatAreNoUtf8AreOneStrangeCharacterEach() =>
        Assert.True(new BytePattern("\\Aa\uFFFD\uFFFDb\\z", null, false).IsMatch([(byte)'a', 0xFF, 0xFE, (byte)'b']));

    /// <summary>The matcher of this one could not be built: it must not even be tried.</summary>
    [Fact]
    public void ALineWithoutTheLiteralIsNeverGivenToTheMatcher()
    {
        var pattern = new BytePattern("(", "needle", false);

        Assert.False(pattern.IsMatch("hay"u8));
        Assert.ThrowsAny<ArgumentException>(() => pattern.IsMatch("a needle"u8));
    }

    [Fact]
    public void AMatchAllocatesNothingOnceTheMatcherHasSeenSuchLines()
    {
        var pattern = new BytePattern("Failed [a-z]+ for [a-zä]+ from", "Failed ", false);
        var lines = new[] { "Failed password for root from"u8.ToArray(), "Failed password for jäger from"u8.ToArray() };
        Look(pattern, lines, times: 200);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Look(pattern, lines, times: 1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static void Look(BytePattern pattern, byte[][] lines, int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var line in lines)
            {
                Assert.True(pattern.IsMatch(line));
            }
        }
    }
}
