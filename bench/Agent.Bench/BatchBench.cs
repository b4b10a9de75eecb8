using System.Buffers;
using System.Text.Json;
using Agent.Batch;
using Agent.Framing;
using BenchmarkDotNet.Attributes;
using CloudWatch;

namespace Agent.Bench;

/// <summary>Lines into the JSON of PutLogEvents. The baseline is the framework's own writer.</summary>
[MemoryDiagnoser]
public class BatchBench
{
    readonly byte[] _block = SecureLines.Mebibyte();
    readonly ArrayBufferWriter<byte> _json = new(4 << 20);
    readonly BatchBuilder _builder = new(new SegmentPool(64), () => false);

    [Benchmark(Baseline = true)]
    public int Utf8JsonWriter()
    {
        _json.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_json);
        writer.WriteStartArray();
        for (var rest = _block.AsSpan(); TryTake(rest, out var line); rest = rest[line.ConsumedBytes..])
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
        for (var rest = _block.AsSpan(); TryTake(rest, out var line); rest = rest[line.ConsumedBytes..])
        {
            if (_builder.TryAppend(line.Text, 1763238923000) != AppendOutcome.Appended)
            {
                events += Finish();
                _builder.TryAppend(line.Text, 1763238923000);
            }
        }

        return events + Finish();
    }

    int Finish()
    {
        var body = _builder.Finish()!;
        body.Release();
        return body.Events;
    }

    static bool TryTake(ReadOnlySpan<byte> block, out LineFrame line) =>
        Lines.TryTake(block, Limits.EventBytes, isFinal: false, out line);
}
