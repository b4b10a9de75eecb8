using System.Text;
using Agent.Batch;
using CloudWatch;
using CsCheck;
using Xunit;

namespace Agent.Tests.Batch;

/// <summary>A batch is what PutLogEvents takes: its limits to the byte, and its JSON whatever a line holds.</summary>
public sealed class BatchBuilderTests
{
    const int Budget = 200;

    static readonly string[] Odd = ["\"", "\\", "é", "€", "😀", "\u007f"];

    readonly SegmentPool _pool = new(Budget, TimeProvider.System);
    readonly BatchBuilder _builder;

    public BatchBuilderTests() => _builder = new(_pool, () => false);

    [Fact]
    public void TenThousandEventsFitAndNotOneMore()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(AppendOutcome.Appended, _builder.TryAppend("x"u8, 1));
        }

        Assert.Equal(AppendOutcome.Full, _builder.TryAppend("x"u8, 1));
        Assert.Equal(10_000, _builder.Finish()?.Read().Count);
    }

    [Fact]
    public void AMebibyteFitsCountingTwentySixForEachEventAndNotOneByteMore()
    {
        var half = new byte[(1_048_576 / 2) - 26];
        half.AsSpan().Fill((byte)'x');

        Assert.Equal(AppendOutcome.Appended, _builder.TryAppend(half, 1));
        Assert.Equal(AppendOutcome.Full, _builder.TryAppend([.. half, (byte)'x'], 1));
        Assert.Equal(AppendOutcome.Appended, _builder.TryAppend(half, 1));
        Assert.Equal(AppendOutcome.Full, _builder.TryAppend("x"u8, 1));
    }

    [Fact]
    public void TheLongestEventFitsABatchOfItsOwn()
    {
        var longest = new byte[Limits.EventBytes];
        longest.AsSpan().Fill((byte)'x');

        Assert.Equal(AppendOutcome.Appended, _builder.TryAppend(longest, 1));
        Assert.Equal(AppendOutcome.Full, _builder.TryAppend("x"u8, 1));
    }

    [Fact]
    public void LettersOfSeveralBytesCountAsBytes()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("é😀", (1_048_576 - 26) / 6)));

        Assert.Equal(AppendOutcome.Appended, _builder.TryAppend(text, 1));
        Assert.Equal(AppendOutcome.Full, _builder.TryAppend("é😀"u8, 1));
    }

    [Fact]
    public void ADayFitsAndNotAMillisecondMore()
    {
        const long Day = 24 * 60 * 60 * 1000;

        Assert.Equal(AppendOutcome.Appended, _builder.TryAppend("first"u8, 1_000));
        Assert.Equal(AppendOutcome.Full, _builder.TryAppend("too late"u8, 1_001 + Day));
        Assert.Equal(AppendOutcome.Appended, _builder.TryAppend("last"u8, 1_000 + Day));
        Assert.Equal(AppendOutcome.Full, _builder.TryAppend("too early"u8, 999));
    }

    /// <summary>One is taken back before each that stays, and those that stay fill the batch to its last event.
    /// </summary>
    [Fact]
    public void ALineThatIsTakenBackWasNeverThere()
    {
        _builder.TryAppend("first"u8, 1);
        for (var i = 1; i < Limits.BatchEvents; i++)
        {
            if (_builder.TryAppendLine(new("not \"it\"\r\nand so on\n"u8, 1), 0) > 0)
            {
                _builder.TakeLineBack();
            }

            if (_builder.TryAppendLine(new("it\nand so on\n"u8, 1), 0) == 0)
            {
                Assert.Equal(AppendOutcome.Appended, _builder.TryAppend("it"u8, 1)); // in the next segment
            }
        }

        Assert.Equal(AppendOutcome.Full, _builder.TryAppend("it"u8, 1));
        Assert.Equal(
            ["first", .. Enumerable.Repeat("it", Limits.BatchEvents - 1)],
            _builder.Finish()!.Read().Select(written => written.Message));
    }

    [Fact]
    public void AByteLimitCountsNoLineThatIsTakenBack()
    {
        var free = Limits.BatchBytes - Limits.EventOverheadBytes - "four".Length;
        for (var bytes = 10_000; free > 0; free -= bytes)
        {
            bytes = Math.Min(bytes, free);
            _builder.TryAppend(Encoding.UTF8.GetBytes(new string('x', bytes - Limits.EventOverheadBytes)), 1);
        }

        Assert.Equal(4, _builder.TryAppendLine(new("two\nand so on\n"u8, 1), 0));
        _builder.TakeLineBack();
        Assert.Equal(0, _builder.TryAppendLine(new("fives\nand so on\n"u8, 1), 0));
        Assert.Equal(5, _builder.TryAppendLine(new("four\nand so on\n"u8, 1), 0));
    }

    [Fact]
    public void ALineIsTakenAtAnyTimeOfTheBatchesDay()
    {
        var day = (long)Limits.BatchSpan.TotalMilliseconds;
        _builder.TryAppend("first"u8, day);
        var taken = new[] { day + 2, 3, 2, 1, day + 4, day + 3 }
            .Select(stamp => _builder.TryAppendLine(new("line\nnext\n"u8, stamp), 0) > 0);

        Assert.Equal([true, true, true, false, false, false], taken);
        var body = _builder.Finish()!;
        Assert.Equal([2, 3, day, day + 2], body.Read().Select(written => written.Stamp));
        Assert.Equal(2, body.FirstStamp);
    }

    [Fact]
    public void ALineThatIsTakenBackLeavesNothingOfItsTime()
    {
        var day = (long)Limits.BatchSpan.TotalMilliseconds;
        _builder.TryAppend("first"u8, day);
        foreach (var stamp in new[] { 5, day + 5 })
        {
            Assert.NotEqual(0, _builder.TryAppendLine(new("line\nnext\n"u8, stamp), 0));
            _builder.TakeLineBack();
        }

        Assert.NotEqual(0, _builder.TryAppendLine(new("line\nnext\n"u8, 2 * day), 0));
        var body = _builder.Finish()!;
        Assert.Equal(day, body.FirstStamp);
        Assert.Null(body.Order);
    }

    [Fact]
    public void EventsOutOfOrderAreSentByTimestampAndThoseOfOneTimestampAsTheyCame()
    {
        foreach (var (text, stamp) in ((string, long)[])[("c", 30), ("a {\"timestamp\":9", 10), ("b", 20), ("a2", 10)])
        {
            _builder.TryAppend(System.Text.Encoding.UTF8.GetBytes(text), stamp);
        }

        Assert.Equal(
            [(10, "a {\"timestamp\":9"), (10, "a2"), (20, "b"), (30, "c")], _builder.Finish()!.Read());
    }

    [Fact]
    public void TheNextBatchBeginsItsDayAnew()
    {
        _builder.TryAppend("first"u8, 1_000);
        _builder.Finish();

        Assert.Equal(AppendOutcome.Appended, _builder.TryAppend("later"u8, long.MaxValue));
    }

    /// <summary>An escape makes six bytes of one: without this a batch could cost six times its share of memory.
    /// </summary>
    [Fact]
    public void ABatchThatSwellsByEscapingIsClosedAtTwoMebibytes()
    {
        var control = new byte[10_000];
        while (_builder.TryAppend(control, 1) == AppendOutcome.Appended)
        {
        }

        Assert.InRange(_builder.Finish()!.Bytes().Length, 2 << 20, (2 << 20) + 61_000);
    }

    [Fact]
    public void AnEmptyBatchIsNone() => Assert.Null(_builder.Finish());

    [Fact]
    public void EveryLineComesBackAsItWas() =>
        Message.Array[1, 30].Sample(messages =>
        {
            var builder = new BatchBuilder(_pool, () => false);
            foreach (var (message, i) in messages.Select((message, i) => (message, i)))
            {
                Assert.Equal(AppendOutcome.Appended, builder.TryAppend(Encoding.UTF8.GetBytes(message), i));
            }

            var body = builder.Finish()!;

            Assert.Equal(messages.Select((message, i) => ((long)i, message)), body.Read());
            body.Release();
        }, threads: 1, iter: 300);

    [Fact]
    public void EveryControlCharacterQuoteAndBackslashComesBackAsItWas()
    {
        var all = string.Concat(Enumerable.Range(0, 0x100).Select(i => (char)i)) + "\u2028\u2029\uFEFF\uFFFD😀";
        _builder.TryAppend(Encoding.UTF8.GetBytes(all), 1);

        Assert.Equal(all, Assert.Single(_builder.Finish()!.Read()).Message);
    }

    /// <summary>Memory comes in pieces of 64 KiB, and a piece ends wherever it ends: inside an escape, inside a
    /// character, between two events.</summary>
    [Fact]
    public void ABodyMayCrossFromSegmentToSegmentAnywhere()
    {
        const string Tail = "\u0001\"\\\n😀€é";
        for (var fill = SegmentPool.SegmentBytes - 120; fill < SegmentPool.SegmentBytes + 10; fill++)
        {
            var builder = new BatchBuilder(_pool, () => false);
            var first = new string('x', fill);
            builder.TryAppend(Encoding.UTF8.GetBytes(first + Tail), 1);
            builder.TryAppend(Encoding.UTF8.GetBytes(Tail), 2);
            var body = builder.Finish()!;

            Assert.Equal([(1, first + Tail), (2, Tail)], body.Read());
            body.Release();
        }
    }

    [Fact]
    public void AStreamWithNothingOnItsWayGetsASegmentThoughTheBudgetIsUsedUp()
    {
        var pool = new SegmentPool(1, TimeProvider.System);
        Assert.NotNull(pool.TryRent());
        var builder = new BatchBuilder(pool, () => true);

        Assert.Equal(AppendOutcome.Appended, builder.TryAppend("one"u8, 1));
        Assert.Equal(AppendOutcome.NoMemory, builder.TryAppend(new byte[SegmentPool.SegmentBytes], 1));
        Assert.Equal([(1, "one")], builder.Finish()!.Read());
    }

    [Fact]
    public void ThousandsOfStreamsBeyondTheBudgetHoldLittleEach()
    {
        var pool = new SegmentPool(16, TimeProvider.System);
        var builders = Enumerable.Range(0, 1000).Select(_ => new BatchBuilder(pool, () => true)).ToList();
        builders.ForEach(builder => builder.TryAppend("one"u8, 1));
        var used = pool.UsedBytes;
        var bodies = builders.ConvertAll(builder => builder.Finish()!);

        Assert.InRange(used, pool.BudgetBytes, 6L << 20);
        Assert.All(bodies, body => Assert.Equal([(1, "one")], body.Read()));
        bodies.ForEach(body => body.Release());
        Assert.Equal(0, pool.UsedBytes);
    }

    [Fact]
    public void ALongEventBeyondTheBudgetIsWholeAndWhatFollowsItToo()
    {
        var pool = new SegmentPool(4, TimeProvider.System);
        var others = Enumerable.Range(0, 40).Select(_ => new BatchBuilder(pool, () => true)).ToList();
        others.ForEach(builder => builder.TryAppend("one"u8, 1));
        var builder = new BatchBuilder(pool, () => true);
        var text = new string('x', 100_000) + "\"";
        builder.TryAppend(Encoding.UTF8.GetBytes(text), 1);
        others.ForEach(other => other.Finish()!.Release());
        builder.TryAppend(Encoding.UTF8.GetBytes(text), 2);

        Assert.Equal([(1, text), (2, text)], builder.Finish()!.Read());
    }

    [Fact]
    public void AnEventWithoutMemoryLeavesTheBatchAsItWas() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 150_000].Array[1, 8]).Sample((segments, lengths) =>
        {
            var pool = new SegmentPool(segments, TimeProvider.System);
            var builder = new BatchBuilder(pool, () => false);
            List<(long, string)> appended = [];
            foreach (var length in lengths)
            {
                var text = new string('\n', length / 2) + new string('x', length / 2) + ".";
                if (builder.TryAppend(Encoding.UTF8.GetBytes(text), 7) == AppendOutcome.Appended)
                {
                    appended.Add((7, text));
                }
            }

            Assert.Equal(appended.Count, builder.Events);
            var body = builder.Finish();
            Assert.Equal(appended, body?.Read() ?? []);
            body?.Release();
            Assert.Equal(segments, pool.Free());
        }, iter: 200);

    [Fact]
    public void MemoryReleasedTwiceIsFreeOnce()
    {
        _builder.TryAppend(new byte[100_000], 1);
        var body = _builder.Finish()!;

        body.Release();
        body.Release();

        Assert.Equal(Budget, _pool.Free());
    }

    static Gen<string> Message =>
        Gen.Frequency(
            (3, Gen.Char[' ', '~'].Select(letter => letter.ToString())),
            (2, Gen.Char['\0', '\u001f'].Select(letter => letter.ToString())),
            (1, Gen.Int[0, 5].Select(i => Odd[i])))
            .Array[1, 200].Select(string.Concat);
}
