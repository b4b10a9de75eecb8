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
    const int Plain = 13;

    static readonly string[] Pieces =
    [
        "sshd[1]: Failed password for root", "\n", "\r\n", "\r\r\n", "\n\n", "\n ", "\n\t", " ", "\"quoted\\\"",
        "\u0001", "{\"_aws\":{\"CloudWatchMetrics\":[]}}", "é€😀", "a\nb\n",
        "\0", "\0\0\0\0\0\0\0\0\0", "\uFFFF", "\n\f"
    ];

    // A filter that drops nothing has each event looked at.
    static readonly FilterRule Nothing = new(IsInclude: false, "\a", Some.Pattern("\a"));

    [Fact]
    public Task AFileBringsTheSameEventsWhetherTheyAreLookedAtOrNot() =>
        Gen.Select(
            Gen.OneOf(Gen.Int[0, Plain - 1].Array[1, 400], Gen.Int[0, Pieces.Length - 1].Array[1, 400]), Gen.Bool,
            Gen.Int[0, 40_000]).SampleAsync(
            async (pieces, isEveryLine, padding) =>
            {
                var text = Encoding.UTF8.GetBytes(
                    new string('x', padding) + string.Concat(pieces.Select(piece => Pieces[piece])) + "\nend\n");
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = text[i] == 0xEF ? (byte)0xFF : text[i]; // ill-formed
                }

                Assert.Equal(await ShipAsync(text, isEveryLine, [Nothing]), await ShipAsync(text, isEveryLine, []));
            }, iter: 60);

    // What was sent, and what was counted.
    static async Task<string> ShipAsync(byte[] text, bool isEveryLine, IReadOnlyList<FilterRule> filters)
    {
        using var folder = new TestFolder();
        folder.Write("log", text);
        var plan = RunningSource.PlanOf(folder["log"]) with
        {
            Filters = filters,
            Framing = new() { Start = isEveryLine ? EventStart.EveryLine : EventStart.UnindentedLine }
        };
        await using var source = new RunningSource(
            plan, folder["state"], new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_000_000)), new());
        await source.UntilAsync(() => source.Delivered is [.., "end"] && source.IsDrained);
        var counts = source.Entry.Sources.Single().Counts;
        return $"{counts.Events} {counts.BlankLines} {counts.NulBytes} {counts.ReplacedSequences}\n"
            + string.Join('\n', source.Delivered);
    }
}
