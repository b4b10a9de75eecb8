using System.Text;
using Agent.Framing;
using BenchmarkDotNet.Attributes;

namespace Agent.Bench;

/// <summary>A mebibyte into lines: 8,600 log events. The baseline makes a string of each line, as most shippers
/// do.</summary>
[MemoryDiagnoser]
public class FramingBench
{
    readonly byte[] _block = SecureLines.Mebibyte(DateTimeOffset.UnixEpoch);
    readonly byte[] _utf16 = Encoding.Convert(
        Encoding.UTF8, Encoding.Unicode, SecureLines.Mebibyte(DateTimeOffset.UnixEpoch));
    readonly byte[] _illFormed = SecureLines.Mebibyte(DateTimeOffset.UnixEpoch);
    readonly EventFramer _everyLine = Framer(new() { Start = EventStart.EveryLine });
    readonly EventFramer _glued = Framer(new());
    readonly EventFramer _stamped = Framer(new() { TimestampFormat = "%b %d %H:%M:%S" });
    readonly EventFramer _wide = Framer(new() { EncodingName = "utf-16le" });

    public FramingBench()
    {
        for (var i = 50; i < _illFormed.Length; i += 122)
        {
            _illFormed[i] = 0xFF;
        }
    }

    [Benchmark(Baseline = true)]
    public int StringPerLine()
    {
        var characters = 0;
        using var reader = new StreamReader(new MemoryStream(_block), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            characters += line.Length;
        }

        return characters;
    }

    /// <summary>The least that can be done: find the line ends, and see that the block is UTF-8.</summary>
    [Benchmark]
    public int LineFeedsOnly()
    {
        var (taken, bytes) = (0, 0);
        while (_block.AsSpan(taken).IndexOf((byte)'\n') is var end && end >= 0)
        {
            taken += end + 1;
            bytes += end;
        }

        return Utf8Text.IsValid(_block) ? bytes : 0;
    }

    [Benchmark]
    public int EveryLine() => Frame(_everyLine, _block);

    [Benchmark]
    public int GluedLines() => Frame(_glued, _block);

    [Benchmark]
    public int Timestamps() => Frame(_stamped, _block);

    [Benchmark]
    public int IllFormedLines() => Frame(_glued, _illFormed);

    /// <summary>Two mebibytes, the same lines.</summary>
    [Benchmark]
    public int Utf16() => Frame(_wide, _utf16);

    static EventFramer Framer(FramingPlan plan) => new(plan, new(), TimeProvider.System);

    static int Frame(EventFramer framer, byte[] block)
    {
        var bytes = 0;
        var events = framer.Begin(block, BlockEnd.Open, isAtFileStart: false);
        while (events.TryTake(out var frame))
        {
            bytes += frame.Text.Length;
        }

        return bytes;
    }
}
