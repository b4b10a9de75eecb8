using System.Text.Json;
using Agent.Batch;
using CsCheck;
using Xunit;

namespace Agent.Tests.Batch;

public sealed class EscapedTextTests
{
    const byte Untouched = 0xEE;

    [Fact]
    public void WhateverTheTextAndTheRoomItIsWholeOrNotThereAndNothingBehindTheRoomIsTouched() =>
        Gen.Select(Gen.Frequency((8, Gen.Byte[0x20, 0x7E]), (1, Gen.Byte[0, 0x1F])).Array[0, 100], Gen.Int[0, 700])
            .Sample((text, roomBytes) =>
            {
                var memory = Enumerable.Repeat(Untouched, roomBytes + 64).ToArray();
                var written = EscapedText.TryCopy(text, memory.AsSpan(0, roomBytes));

                Assert.All(memory[roomBytes..], value => Assert.Equal(Untouched, value));
                if (written >= 0)
                {
                    var json = "\"" + System.Text.Encoding.UTF8.GetString(memory, 0, written) + "\"";
                    Assert.Equal(System.Text.Encoding.UTF8.GetString(text), JsonSerializer.Deserialize<string>(json));
                }
                else
                {
                    Assert.True(roomBytes < (text.Length * EscapedText.LongestEscape) + 16, "there was room");
                }
            }, iter: 20_000);
}
