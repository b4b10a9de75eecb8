using System.Text;
using Agent.Framing;
using Xunit;

namespace Agent.Tests.Support;

/// <summary>A file as a framer sees it: read block by block, each beginning where the last event ended.</summary>
sealed class Framed
{
    readonly EventFramer _framer;

    public Framed(FramingPlan plan, TimeProvider? time = null) =>
        _framer = new(plan, Counts, time ?? TimeProvider.System);

    public FramingCounts Counts { get; } = new();

    /// <summary>The texts that are to be sent.</summary>
    public List<byte[]> Texts { get; } = [];

    public List<long?> Stamps { get; } = [];

    /// <summary>What was consumed, event by event.</summary>
    public List<int> Consumed { get; } = [];

    public int ConsumedBytes => Consumed.Sum();

    public string Events => string.Join('~', Texts.Select(Escapes.Written));

    public EventFramer Framer => _framer;

    /// <summary>Frames what the file holds now.</summary>
    /// <param name="most">Stop after so many events, as one does who finds no memory: the next one is looked at, and
    /// not consumed.</param>
    public Framed Read(ReadOnlySpan<byte> file, BlockEnd end, int most = int.MaxValue)
    {
        var start = ConsumedBytes;
        var events = _framer.Begin(file[start..], end, isAtFileStart: start == 0);
        while (events.TryTake(out var frame) && most-- > 0)
        {
            Assert.True(frame.ConsumedBytes > 0, "an event that consumes nothing would be taken for ever");
            Consumed.Add(frame.ConsumedBytes);
            if (!frame.Text.IsEmpty)
            {
                Texts.Add(frame.Text.ToArray());
                Stamps.Add(frame.Stamp);
            }
        }

        return this;
    }
}

/// <summary>Bytes as a table writes them.</summary>
static class Escapes
{
    public static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        for (var rest = text; rest.Length > 0;)
        {
            var length = rest.StartsWith(@"\x", StringComparison.Ordinal) ? 4
                : rest[0] == '\\' || char.IsHighSurrogate(rest[0]) ? 2
                : 1;
            var part = rest[..length];
            rest = rest[length..];
            bytes.AddRange(part switch
            {
                @"\n" => "\n"u8,
                @"\r" => "\r"u8,
                @"\t" => "\t"u8,
                @"\f" => "\f"u8,
                @"\v" => "\v"u8,
                @"\0" => "\0"u8,
                ['\\', 'x', .. var hex] => Convert.FromHexString(hex),
                _ => Encoding.UTF8.GetBytes(part)
            });
        }

        return [.. bytes];
    }

    /// <summary>All but printable ASCII in one way, so that two texts can be compared.</summary>
    public static string Written(byte[] bytes) =>
        string.Concat(bytes.Select(value => value is > 0x20 and < 0x7F ? $"{(char)value}" : $"\\x{value:X2}"));
}
