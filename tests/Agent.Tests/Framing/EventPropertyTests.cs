using System.Text;
using Agent.Framing;
using Agent.Tests.Support;
using CloudWatch.Matching;
using CsCheck;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>What holds for any bytes, in any encoding, however a file grows and is read.</summary>
public sealed class EventPropertyTests
{
    const int Longest = 24;

    static readonly string[] Letters = ["a", "b", " ", "\n", "é", "€", "ß", "漢", "字", "😀", "𠮷", "한"];

    const int ByStamp = (int)EventStart.Pattern + 1;

    static readonly string?[] Encodings =
        [null, "utf-16le", "utf-16be", "utf-32", "gb18030", "shift_jis", "windows-1252", "iso-2022-jp", "euc-kr"];

    /// <summary>As the reader does it: what was not consumed is presented again, with more behind it; and now and then
    /// it finds no memory and stops in the middle.</summary>
    [Fact]
    public void TheSameEventsComeOutHoweverTheFileGrowsAndIsRead() =>
        Gen.Select(File, Plan, Gen.Int[1, 30].Array[1, 20], Gen.Int[0, 3]).Sample((file, plan, steps, most) =>
        {
            var whole = new Framed(plan).Read(file, BlockEnd.Final);
            var parts = new Framed(plan);
            for (var (grown, i) = (0, 0); grown < file.Length; i++)
            {
                grown = Math.Min(file.Length, grown + steps[i % steps.Length]);
                parts.Read(file.AsSpan(0, grown), BlockEnd.Open, most);
            }

            parts.Read(file, BlockEnd.Open).Read(file, BlockEnd.Final);

            Assert.Equal(whole.Events, parts.Events);
            Assert.Equal(whole.Counts.Events, parts.Counts.Events);
            Assert.Equal(whole.Counts.SplitPieces, parts.Counts.SplitPieces);
            Assert.Equal(whole.Counts.ReplacedSequences, parts.Counts.ReplacedSequences);
            Assert.Equal(whole.Counts.NulBytes, parts.Counts.NulBytes);
            Assert.Equal(whole.Counts.BlankLines, parts.Counts.BlankLines);
        }, iter: 5000);

    [Fact]
    public void EveryByteIsConsumedOnceAndEveryTextIsUtf8ThatFits() =>
        Gen.Select(File, Plan).Sample((file, plan) =>
        {
            var framed = new Framed(plan).Read(file, BlockEnd.Final);

            Assert.Equal(file.Length, framed.ConsumedBytes);
            Assert.Equal(framed.Texts.Count, framed.Counts.Events);
            Assert.All(framed.Texts, text => Assert.True(text.Length is > 0 and <= Longest && Utf8Text.IsValid(text)));
        }, iter: 5000);

    [Fact]
    public void ABlockEndsWhereABufferOfTheLeastSizeEndsAndStillEveryEventComes() =>
        Gen.Select(File, Plan).Sample((file, plan) =>
        {
            var whole = new Framed(plan).Read(file, BlockEnd.Final);
            var parts = new Framed(plan);
            for (var before = -1; before < parts.ConsumedBytes;)
            {
                before = parts.ConsumedBytes;
                var length = Math.Min(file.Length, before + Math.Max(parts.Framer.LeastBlockBytes, 4));
                parts.Read(file.AsSpan(0, length), length < file.Length ? BlockEnd.Open : BlockEnd.Final);
            }

            Assert.Equal(whole.Events, parts.Events);
            Assert.Equal(file.Length, parts.ConsumedBytes);
        }, iter: 5000);

    /// <summary>Bytes that are text come out as that text: nothing is lost but line ends and runs of NULs.</summary>
    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16le")]
    [InlineData("utf-16be")]
    [InlineData("utf-32le")]
    [InlineData("utf-32be")]
    [InlineData("gb18030")]
    public void WhatWasWrittenInAnEncodingIsSentAsUtf8(string name)
    {
        var encoding = Encoding(name);
        Gen.Select(Text, Plan).Sample((text, plan) =>
        {
            var framed = new Framed(plan with { EncodingName = name })
                .Read(encoding.GetBytes(text), BlockEnd.Final);

            Assert.Equal(
                text.Replace("\n", "", StringComparison.Ordinal),
                string.Concat(framed.Texts.Select(System.Text.Encoding.UTF8.GetString))
                    .Replace("\n", "", StringComparison.Ordinal));
            Assert.Equal(0, framed.Counts.ReplacedSequences);
        });
    }

    static Encoding Encoding(string name) =>
        CodePagesEncodingProvider.Instance.GetEncoding(name) ?? System.Text.Encoding.GetEncoding(name switch
        {
            "utf-16le" => "utf-16",
            "utf-32le" => "utf-32",
            _ => name
        });

    static Gen<FramingPlan> Plan =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, Encodings.Length - 1]).Select((start, encoding) =>
            new FramingPlan
            {
                LongestBytes = Longest,
                Start = start == ByStamp ? EventStart.Pattern : (EventStart)start,
                StartsEvent = start == ByStamp
                    ? new ByteMatcher(Some.Pattern("{timestamp_format}", "a%H")).IsMatch
                    : line => line.StartsWith("b"u8),
                StartsByStamp = start == ByStamp,
                TimestampFormat = start == ByStamp ? "a%H" : null,
                EncodingName = Encodings[encoding]
            });

    // Letters, line ends, white space, NULs, bytes of many encodings; in units of one, two and four bytes.
    static Gen<byte[]> File => Gen.Select(
        Gen.Frequency(
            (6, Gen.Byte[(byte)'a', (byte)'c']), (2, Gen.Const((byte)'\n')), (2, Gen.Const((byte)'\r')),
            (2, Gen.Const((byte)' ')), (2, Gen.Const((byte)0)), (1, Gen.Byte[(byte)'0', (byte)'1']),
            (1, Gen.Const((byte)0x1B)), (3, Gen.Byte[0x80, 0xFF])).Array[0, 150],
        Gen.Int[0, 4],
        Gen.Int[0, 40]).Select((bytes, form, nuls) => form switch
        {
            0 => bytes,
            1 => [.. bytes.SelectMany(value => new byte[] { value, 0 })],
            2 => [.. bytes.SelectMany(value => new byte[] { 0, value })],
            3 => [.. bytes, .. new byte[nuls], .. bytes],
            _ => [.. bytes.SelectMany(value => new byte[] { value, 0, 0, 0 })]
        });

    static Gen<string> Text => Gen.Int[0, Letters.Length - 1].Select(i => Letters[i])
        .Array[0, 120].Select(string.Concat);
}
