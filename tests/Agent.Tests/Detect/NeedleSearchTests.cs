using System.Text;
using Agent.Detect;
using Xunit;

namespace Agent.Tests.Detect;

/// <summary>Searching many texts at once finds what searching one after the other finds.</summary>
public sealed class NeedleSearchTests
{
    [Fact]
    public void EveryPlaceOfEveryNeedleIsFoundOnce()
    {
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var letters = random.Next(2) == 0 ? "ab" : "abcdefg \n\u0001\u00ff";
            var needles = Enumerable.Range(0, random.Next(1, 40))
                .Select(_ => Some(random, letters, random.Next(1, random.Next(2) == 0 ? 3 : 9))).ToList();
            var text = Some(random, letters, random.Next(0, 200));

            var expected =
                from needle in needles.Index()
                from at in Enumerable.Range(0, text.Length)
                where text.AsSpan(at).StartsWith(needle.Item)
                select needle.Index;
            Assert.Equal(expected, Found(needles, text).Select(one => one.Number).Order());
        }
    }

    [Fact]
    public void APlaceThatIsToldOfIsInTheNeedleAndPlacesOnlyGoUp()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("xx Failed password for su: failure ", 50)));
        byte[][] needles = [.. ((string[])["Failed password", "failure", "su: "]).Select(Encoding.UTF8.GetBytes)];

        var found = Found(needles, text);

        Assert.Equal(150, found.Count);
        Assert.Equal(found.Order(), found);
        Assert.All(found, one => Assert.Contains(
            Enumerable.Range(0, needles[one.Number].Length), back => one.At >= back
                && text.AsSpan(one.At - back).StartsWith(needles[one.Number])));
    }

    static List<(int At, int Number)> Found(IReadOnlyList<byte[]> needles, byte[] text)
    {
        var found = new List<(int, int)>();
        Assert.True(new NeedleSearch(needles).Search(text, found, static (_, at, number, found) =>
        {
            found.Add((at, number));
            return true;
        }));
        return found;
    }

    static byte[] Some(Random random, string letters, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (byte)letters[random.Next(letters.Length)])];
}
