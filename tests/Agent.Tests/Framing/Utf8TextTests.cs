using System.Text;
using Agent.Framing;
using CsCheck;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>Whatever bytes a log holds, what is sent is UTF-8.</summary>
public sealed class Utf8TextTests
{
    [Fact]
    public void BadBytesAreReplacedAsTheRestOfTheWorldReplacesThem() =>
        Bytes.Sample(bytes => Assert.Equal(
            Convert.ToHexString(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes))),
            Convert.ToHexString(Repaired(bytes))));

    [Fact]
    public void ARepairedTextIsValidAndAtMostThreeTimesAsLong() =>
        Bytes.Sample(bytes =>
        {
            var repaired = Repaired(bytes);

            Assert.True(Utf8Text.IsValid(repaired));
            Assert.InRange(repaired.Length, 0, bytes.Length * 3);
        });

    [Fact]
    public void AValidTextIsRepairedToItself() =>
        Gen.String.Select(Encoding.UTF8.GetBytes).Sample(text => Assert.Equal(text, Repaired(text)));

    [Theory]
    [InlineData("61", 0)]
    [InlineData("61FF", 1)]
    [InlineData("FFFE61C3", 3)]
    [InlineData("E282", 1)]
    [InlineData("EFBFBD", 0)]
    public void WhatWasReplacedIsCounted(string hex, int count)
    {
        Utf8Text.TryRepair(Convert.FromHexString(hex), new(64), out var replaced);

        Assert.Equal(count, replaced);
    }

    static byte[] Repaired(byte[] bytes)
    {
        var buffer = new TextBuffer((bytes.Length * 3) + 4);
        Assert.True(Utf8Text.TryRepair(bytes, buffer, out _));
        return buffer.Text.ToArray();
    }

    // Bad bytes, parted characters and good text, mixed.
    static Gen<byte[]> Bytes => Gen.Frequency(
        (2, Gen.Byte.Array[0, 3]),
        (1, Gen.Byte[0x80, 0xF5].Array[0, 3]),
        (2, Gen.String.Select(Encoding.UTF8.GetBytes)),
        (1, Gen.Const(new byte[] { 0xED, 0xA0, 0x80 })),
        (1, Gen.Const(new byte[] { 0xF0, 0x9F, 0x98 })))
        .Array[0, 12].Select(parts => parts.SelectMany(part => part).ToArray());
}
