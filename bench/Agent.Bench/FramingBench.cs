using System.Text;
using Agent.Framing;
using BenchmarkDotNet.Attributes;
using CloudWatch;

namespace Agent.Bench;

/// <summary>A mebibyte into lines: 8,600 log events. The baseline makes a string of each line, as most shippers
/// do.</summary>
[MemoryDiagnoser]
public class FramingBench
{
    readonly byte[] _block = SecureLines.Mebibyte();

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

    [Benchmark]
    public int Bytes()
    {
        var (taken, bytes) = (0, 0);
        while (Lines.TryTake(_block.AsSpan(taken), Limits.EventBytes, isFinal: false, out var line))
        {
            taken += line.ConsumedBytes;
            bytes += line.Text.Length;
        }

        return Utf8Text.IsValid(_block) ? bytes : 0;
    }
}
