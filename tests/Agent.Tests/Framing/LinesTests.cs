using System.Text;
using Agent.Framing;
using CsCheck;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>Where a line begins and ends.</summary>
public sealed class LinesTests
{
    const int Longest = 8;

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\n\r\n\n", "||")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("a\nrest", "a")]
    [InlineData("a\r", "")]
    [InlineData("", "")]
    public void ALineEndsWithALineFeedAndACarriageReturnBeforeItBelongsToTheEnd(string content, string lines) =>
        Assert.Equal(lines, string.Join('|', Taken(Encoding.UTF8.GetBytes(content), isFinal: false).Lines));

    [Theory]
    [InlineData("a\nrest", "a|rest", 6)]
    [InlineData("a\r", "a\r", 2)]
    [InlineData("\n", "", 1)]
    [InlineData("", "", 0)]
    public void WhatHasNoLineEndIsALineOnceNothingWillFollow(string content, string lines, int consumed)
    {
        var taken = Taken(Encoding.UTF8.GetBytes(content), isFinal: true);

        Assert.Equal((lines, consumed), (string.Join('|', taken.Lines), taken.ConsumedBytes));
    }

    [Theory]
    [InlineData("12345678\nx\n", "12345678|x")]
    [InlineData("12345678\r\nx\n", "12345678|x")]
    [InlineData("123456789\nx\n", "12345678|9|x")]
    [InlineData("123456789\r\nx\n", "12345678|9|x")]
    [InlineData("12345678\r\r\nx\n", "12345678|\r|x")]
    [InlineData("1234567812345678\nx\n", "12345678|12345678|x")]
    [InlineData("12345678", "")]
    [InlineData("123456789", "12345678")]
    public void ALineLongerThanAnEventGoesOnInTheNextEvent(string content, string lines) =>
        Assert.Equal(lines, string.Join('|', Taken(Encoding.UTF8.GetBytes(content), isFinal: false).Lines));

    [Theory]
    [InlineData("1234567é9\n", "1234567|é9")]
    [InlineData("123456é9\n", "123456é|9")]
    [InlineData("123456€9\n", "123456|€9")]
    [InlineData("1234567€\n", "1234567|€")]
    [InlineData("12345€9\n", "12345€|9")]
    [InlineData("12345😀\n", "12345|😀")]
    [InlineData("123456😀\n", "123456|😀")]
    [InlineData("1234567😀\n", "1234567|😀")]
    [InlineData("1234😀9\n", "1234😀|9")]
    [InlineData("😀😀😀\n", "😀😀|😀")]
    public void ACutLineIsNeverCutInsideACharacter(string content, string lines) =>
        Assert.Equal(lines, string.Join('|', Taken(Encoding.UTF8.GetBytes(content), isFinal: false).Lines));

    [Fact]
    public void BytesThatAreNoCharactersAreCutWhereTheRoomEnds()
    {
        var taken = Taken([.. Enumerable.Repeat((byte)0x80, 20)], isFinal: false);

        Assert.Equal(16, taken.ConsumedBytes);
        Assert.Equal([8, 8], taken.Lengths);
    }

    /// <summary>As the reader does it: what was not consumed is presented again, with more behind it.</summary>
    [Fact]
    public void TheSameLinesComeOutHoweverTheFileGrowsAndEveryByteIsConsumedOnce() =>
        Gen.Select(Content, Gen.Int[1, 9].Array[1, 40]).Sample((content, steps) =>
        {
            var whole = Taken(content, isFinal: true);
            List<string> lines = [];
            var consumed = 0;
            var grown = 0;
            for (var i = 0; grown < content.Length; i++)
            {
                grown = Math.Min(content.Length, grown + steps[i % steps.Length]);
                var part = Taken(content[consumed..grown], isFinal: grown == content.Length);
                lines.AddRange(part.Lines);
                consumed += part.ConsumedBytes;
            }

            // A line end that is only half there when the line before it is cut comes out as a blank line, never sent.
            Assert.Equal(whole.Lines.Where(line => line.Length > 0), lines.Where(line => line.Length > 0));
            Assert.Equal(content.Length, consumed);
            Assert.Equal(content.Length, whole.ConsumedBytes);
        });

    [Fact]
    public void NoTextIsLostButLineEndsAndNoLineIsLongerThanAnEvent() =>
        Content.Sample(content =>
        {
            var taken = Taken(content, isFinal: true);

            Assert.Equal(
                Convert.ToHexString([.. content.Where(value => value is not ((byte)'\r' or (byte)'\n'))]),
                Convert.ToHexString([.. taken.Texts.SelectMany(text => text)
                    .Where(value => value is not ((byte)'\r' or (byte)'\n'))]));
            Assert.All(taken.Lengths, length => Assert.InRange(length, 0, Longest));
        });

    static Gen<byte[]> Content => Gen.Frequency(
        (4, Gen.Byte[(byte)'a', (byte)'z']), (2, Gen.Const((byte)'\n')), (2, Gen.Const((byte)'\r')),
        (4, Gen.Byte[0x80, 0xFF]))
        .Array[0, 120];

    sealed record Result(List<byte[]> Texts, int ConsumedBytes)
    {
        public IEnumerable<string> Lines => Texts.Select(Encoding.UTF8.GetString);

        public IEnumerable<int> Lengths => Texts.Select(text => text.Length);
    }

    static Result Taken(byte[] content, bool isFinal)
    {
        List<byte[]> texts = [];
        var consumed = 0;
        while (Lines.TryTake(content.AsSpan(consumed), Longest, isFinal, out var line))
        {
            Assert.True(line.ConsumedBytes > 0, "a line that consumes nothing would be taken for ever");
            texts.Add(line.Text.ToArray());
            consumed += line.ConsumedBytes;
        }

        return new(texts, consumed);
    }
}
