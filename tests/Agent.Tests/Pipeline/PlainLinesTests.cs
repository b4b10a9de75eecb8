using System.Text;
using Agent.Filter;
using Agent.Framing;
using Agent.Tests.Support;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Lines that need no look go a shorter way: it must lead to the same events.</summary>
public sealed class PlainLinesTests
{
    // The last ones make a stretch of lines one that must be looked at.
    const int Plain = 14;

    static readonly string[] Pieces =
    [
        "sshd[1]: Failed password for root", "\n", "\r\n", "\r\r\n", "\n\n", "\n ", "\n\t", " ", "\"quoted\\\"",
        "\u0001", "{\"_aws\":{\"CloudWatchMetrics\":[]}}", "é€😀", "a\nb\n", "b",
        "\0", "\0\0\0\0\0\0\0\0\0", "\uFFFF", "\n\f"
    ];

    // A timestamp that no line has lets each event be looked at.
    const string Looking = "%Y-%m-%dT%H:%M:%S";

    static readonly FilterRule[] Filters =
    [
        new(IsInclude: false, "[b€]$", Some.Pattern("[b€]$")), new(IsInclude: false, "^x+$", Some.Pattern("^x+$")),
        new(IsInclude: true, "[a-z]", Some.Pattern("[a-z]"))
    ];

    [Fact]
    public Task AFileBringsTheSameEventsWhetherTheyAreLookedAtOrNot() =>
        Gen.Select(
            Gen.OneOf(Gen.Int[0, Plain - 1].Array[1, 400], Gen.Int[0, Pieces.Length - 1].Array[1, 400]), Gen.Bool,
            Gen.Int[0, 40_000], Gen.Int[0, Filters.Length]).SampleAsync(
            async (pieces, isEveryLine, padding, filters) =>
            {
                var text = Encoding.UTF8.GetBytes(
                    new string('x', padding) + string.Concat(pieces.Select(piece => Pieces[piece])) + "\nend\n");
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = text[i] == 0xEF ? (byte)0xFF : text[i]; // ill-formed
                }

                Assert.Equal(
                    await ShipAsync(text, isEveryLine, Filters[..filters], Looking),
                    await ShipAsync(text, isEveryLine, Filters[..filters], null));
            }, iter: 100);

    // What was sent, and what was counted.
    static async Task<string> ShipAsync(
        byte[] text, bool isEveryLine, IReadOnlyList<FilterRule> filters, string? timestampFormat)
    {
        using var folder = new TestFolder();
        folder.Write("log", text);
        var plan = RunningSource.PlanOf(folder["log"]) with
        {
            Filters = filters,
            Framing = new()
            {
                Start = isEveryLine ? EventStart.EveryLine : EventStart.UnindentedLine,
                TimestampFormat = timestampFormat
            }
        };
        await using var source = new RunningSource(
            plan, folder["state"], new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_000_000)), new());
        await source.UntilAsync(() => source.Delivered is [.., "end"] && source.IsDrained);
        var counts = source.Entry.Sources.Single().Counts;
        var dropped = filters.Index().Select(rule => source.Entry.DroppedBy(rule.Index));
        return $"{string.Join(' ', dropped)}\n"
            + $"{counts.Events} {counts.BlankLines} {counts.NulBytes} {counts.ReplacedSequences}\n"
            + string.Join('\n', source.Delivered);
    }
}
