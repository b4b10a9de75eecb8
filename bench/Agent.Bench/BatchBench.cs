using System.Buffers;
using System.Text.Json;
using Agent.Batch;
using Agent.Framing;
using BenchmarkDotNet.Attributes;

namespace Agent.Bench;

/// <summary>Lines into the JSON of PutLogEvents. The baseline is the framework's own writer.</summary>
[MemoryDiagnoser]
public class BatchBench
{
    readonly byte[] _block = SecureLines.Mebibyte(DateTimeOffset.UnixEpoch);
    readonly EventFramer _framer = new(new() { Start = EventStart.EveryLine }, new(), TimeProvider.System);
    readonly ArrayBufferWriter<byte> _json = new(4 << 20);
    readonly BatchBuilder _builder = new(new SegmentPool(64, TimeProvider.System), () => false);

    [Benchmark(Baseline = true)]
    public int Utf8JsonWriter()
    {
        _json.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_json);
        writer.WriteStartArray();
        var lines = Events();
        while (lines.TryTake(out var line))
        {
            writer.WriteStartObject();
            writer.WriteNumber("timestamp", 1763238923000);
            writer.WriteString("message", line.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        return _json.WrittenCount;
    }

    [Benchmark]
    public int Builder()
    {
        var events = 0;
        var lines = Events();
        while (lines.TryTake(out var line))
        {
            events += Append(line.Text);
        }

        return events + Finish();
    }

    /// <summary>The way of plain lines: they are cut, copied and escaped in one pass.</summary>
    [Benchmark]
    public int BuilderOfLines()
    {
        var (events, at) = (0, 0);
        while (at < _block.Length)
        {
            var taken = _builder.TryAppendLine(new(_block, 1763238923000), at);
            if (taken == 0) // the first of a batch, and one at the end of a segment
            {
                var line = _block.AsSpan(at);
                line = line[..line.IndexOf((byte)'\n')];
                events += Append(line);
                taken = line.Length + 1;
            }

            at += taken;
        }

        return events + Finish();
    }

    // To the next batch where this one is full. Returns the events of a batch that it ended.
    int Append(ReadOnlySpan<byte> line)
    {
        if (_builder.TryAppend(line, 1763238923000) == AppendOutcome.Appended)
        {
            return 0;
        }

        var ended = Finish();
        _builder.TryAppend(line, 1763238923000);
        return ended;
    }

    int Finish()
    {
        var body = _builder.Finish()!;
        body.Release();
        return body.Events;
    }

    BlockEvents Events() => _framer.Begin(_block, BlockEnd.Open, isAtFileStart: false);
}
