using System.Text;
using CloudWatch.Matching;
using CsCheck;
using Xunit;

namespace Agent.Tests.Matching;

/// <summary>A set of characters as bytes.</summary>
public sealed class RuneSetTests
{
    // Where the number of bytes, or a byte but the last, changes.
    static readonly int[] Corners =
    [
        0, 1, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFF,
        0x10000, 0x3FFFF, 0x40000, 0x10FFFE, 0x10FFFF
    ];

    static readonly Gen<int> Runes =
        Gen.OneOf(Gen.Int[0, Corners.Length - 1].Select(index => Corners[index]), Gen.Int[0, RuneSet.LastRune]);

    [Fact]
    public void ExactlyTheCharactersOfASetAreFound() => Gen.Select(Runes, Runes).Array[1, 4].Sample(
        pairs =>
        {
            var set = RuneSet.Of(
                pairs.Select(pair => (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2))));
            var matcher = new ByteMatcher(BytePattern.Of(Whole(new Letter(set)))!);
            var near = pairs.SelectMany(pair => new[] { pair.Item1, pair.Item2 }).Concat(Corners)
                .SelectMany(rune => new[] { rune - 1, rune, rune + 1, rune + 0x40, rune ^ 0x3F })
                .Where(Rune.IsValid);
            foreach (var rune in near)
            {
                Assert.Equal(set.Has(rune), matcher.IsMatch(Encoding.UTF8.GetBytes(new Rune(rune).ToString())));
            }
        },
        iter: 300);

    [Fact]
    public void EveryCharacterIsACharacter()
    {
        var matcher = new ByteMatcher(BytePattern.Of(Whole(new Letter(RuneSet.All)))!);
        var valid = Enumerable.Range(0, RuneSet.LastRune + 1).Where(Rune.IsValid);
        Assert.All(valid.Chunk(0x1000), runes => Assert.True(
            runes.All(rune => matcher.IsMatch(Encoding.UTF8.GetBytes(new Rune(rune).ToString())))));
        Assert.False(matcher.IsMatch([0xED, 0xA0, 0x80])); // half of a pair
        Assert.False(matcher.IsMatch([0xC0, 0x80])); // two bytes where one is enough
        Assert.False(matcher.IsMatch([0xF4, 0x90, 0x80, 0x80])); // beyond the last
    }

    static Sequence Whole(Node node) => new([new Anchor(Edge.TextStart), node, new Anchor(Edge.TextEnd)]);
}
