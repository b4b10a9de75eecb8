using System.Globalization;
using System.Text;
using Agent.Filter;
using Agent.Framing;
using Agent.Tests.Support;
using CloudWatch;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Lines whose timestamps differ from those before in the seconds only go a shorter way: it must lead to the
/// same events with the same timestamps.</summary>
public sealed class StampedLinesTests
{
    const string Format = "%Y-%m-%d %H:%M:%S";

    const int Short = 50;

    // By how many pieces from the first on logs of three kinds are made: those that are alike, those in order, and
    // those that need no look of a stretch of lines as a whole.
    const int Alike = 6;
    const int InOrder = 16;
    const int Plain = 20;

    static readonly DateTimeOffset From = new(2026, 2, 10, 3, 0, 0, TimeSpan.Zero);

    // With the time, with one before, and with the next second; + lets one pass.
    static readonly string[] Pieces =
    [
        "\n{n} é", "\n{t} é", "\n{t} down \"it\"", "\n{t} so\r", "\n{t} a\n{t} b\n{t} c\n{t} d", "+",
        $"\n{new string('x', Short)}{{t}} rest", "\n{t}", "\n {t} indented", "\nat {t} inside", "\n{t}2 long",
        "\n{t},5 x", "\n", "\n\t at Program.Main()", "\nunstamped", "é€😀",
        "\n{e} earlier", "\n{e} earlier\n{e} a\n{e} b", "\nat {e} inside", "\r",
        "\uFFFF", "\n\0", "\n\0\0\0\0\0\0\0\0\0\0"
    ];

    static readonly FilterRule[] Filters =
    [
        new(IsInclude: false, "down", Some.Pattern("down")), new(IsInclude: true, "[a-z]", Some.Pattern("[a-z]"))
    ];

    [Theory]
    [InlineData(EventStart.UnindentedLine)]
    [InlineData(EventStart.EveryLine)]
    [InlineData(EventStart.Pattern)]
    public Task AFileBringsTheSameEventsWhetherEachIsLookedAtOrNot(object start) =>
        Gen.Select(
            Gen.OneOf(
                Gen.Int[0, Alike - 1].Array[1, 400], Gen.Int[0, InOrder - 1].Array[1, 400],
                Gen.Int[0, Plain - 1].Array[1, 400], Gen.Int[0, Pieces.Length - 1].Array[1, 400]),
            Gen.Int[0, 40_000], Gen.Int[0, Filters.Length], Gen.Int[0, 5]).SampleAsync(
            async (pieces, padding, filters, kind) =>
            {
                var text = TextOf(pieces, padding);
                var rules = Filters[..filters];
                var plan = Plan((EventStart)start) with
                {
                    LongestBytes = kind == 0 ? Short : Limits.EventBytes,
                    TrimsTimestamp = kind == 1,
                    EncodingName = kind == 2 ? "windows-1252" : null
                };
                Assert.Equal(await ShipAsync(text, Looking(plan), rules), await ShipAsync(text, plan, rules));
            }, iter: 60);

    /// <summary>More than a read and than a batch.</summary>
    [Fact]
    public async Task LongRunsArriveOnceWhereverABlockOrABatchEnds()
    {
        var expected = Enumerable.Range(0, 45_000).Select(i => (
            Message: $"{Written(i / 100)} line {i}" + (i == 44_999 ? " end" : ""),
            Stamp: From.AddSeconds(i / 100).ToUnixTimeMilliseconds())).ToList();
        using var folder = new TestFolder();
        folder.Write("log", Encoding.UTF8.GetBytes(string.Concat(expected.Select(one => one.Message + "\n"))));
        await using var source = await ShipAsync(folder, Plan(EventStart.Pattern), []);

        Assert.Equal(
            expected.OrderBy(one => one.Message, StringComparer.Ordinal),
            source.Events.OrderBy(one => one.Message, StringComparer.Ordinal));
    }

    [Fact]
    public async Task TheRestOfALineThatWasCutIsNoEventOfItsOwn()
    {
        var plan = Plan(EventStart.EveryLine) with { LongestBytes = Short };
        var stamp = Written(1);
        var text = Encoding.UTF8.GetBytes(
            $"{stamp} a\n{stamp} b\n{new string('x', Short)}{stamp} rest\n{stamp} c\n{stamp} d\n{Written(2)} e\n");

        Assert.Equal(await ShipAsync(text, Looking(plan), []), await ShipAsync(text, plan, []));
    }

    [Fact]
    public async Task AnIndentedTimestampBeginsNoEventWhereIndentedLinesDoNot()
    {
        var plan = Plan(EventStart.UnindentedLine) with { TimestampFormat = "%e %H:%M:%S" };
        var text = " 9 03:30:01 a\n\0\0\0\0\0\0\0\0 9 03:30:01 b\n 9 03:30:01 c\n10 03:30:01 end\n"u8.ToArray();

        Assert.Equal(await ShipAsync(text, Looking(plan), []), await ShipAsync(text, plan, []));
    }

    [Fact]
    public async Task ATimestampBeginsNoEventWhereAnotherPatternDoes()
    {
        using var folder = new TestFolder();
        string[] events = ["{0} BEGIN 1\n{0} a\n{0} b", "{0} BEGIN 2", "{0} BEGIN 3\n{0} c", "{0} BEGIN end"];
        var written = events.Select(one => one.Replace("{0}", Written(1), StringComparison.Ordinal)).ToList();
        folder.Write("log", Encoding.UTF8.GetBytes(string.Join('\n', written) + "\n"));
        await using var source = await ShipAsync(folder, Plan(EventStart.Pattern) with
        {
            StartsByStamp = false,
            StartsEvent = line => line.IndexOf("BEGIN"u8) >= 0
        }, []);

        Assert.Equal(written, source.Delivered);
    }

    static byte[] TextOf(int[] pieces, int padding)
    {
        var (text, second) = (new StringBuilder($"{Written(0)} {new string('x', padding)}"), 0);
        foreach (var piece in pieces)
        {
            second += Pieces[piece] == "+" || Pieces[piece].Contains("{n}", StringComparison.Ordinal) ? 1 : 0;
            text.Append(Pieces[piece] == "+" ? "" : Pieces[piece]
                .Replace("{t}", Written(second), StringComparison.Ordinal)
                .Replace("{n}", Written(second), StringComparison.Ordinal)
                .Replace("{e}", Written(second - 2), StringComparison.Ordinal));
        }

        var utf8 = Encoding.UTF8.GetBytes(text.Append('\n').ToString());
        utf8.AsSpan().Replace((byte)0xEF, (byte)0xFF); // ill-formed
        return utf8;
    }

    static string Written(int second) =>
        From.AddSeconds(second).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    static FramingPlan Plan(EventStart start) => new()
    {
        Start = start,
        StartsEvent = start == EventStart.Pattern ? IsStamped : null,
        StartsByStamp = start == EventStart.Pattern,
        TimestampFormat = Format,
        Zone = TimeZoneInfo.Utc
    };

    // The same, told by an expression that nobody knows anything of: each line is asked about.
    static FramingPlan Looking(FramingPlan plan) => plan with
    {
        Start = EventStart.Pattern,
        StartsByStamp = false,
        StartsEvent = plan.Start switch
        {
            EventStart.EveryLine => _ => true,
            EventStart.UnindentedLine => line => !line.IsEmpty && !CodeUnit.IsWhite(line[0]),
            _ => IsStamped
        }
    };

    static bool IsStamped(ReadOnlySpan<byte> line) => StampFormat.Compile(Format).TryFind(line, out _, out _, out _);

    // What was sent, and what was counted.
    static async Task<string> ShipAsync(byte[] text, FramingPlan framing, IReadOnlyList<FilterRule> filters)
    {
        using var folder = new TestFolder();
        folder.Write("log", text);
        await using var source = await ShipAsync(folder, framing, filters);
        var counts = source.Entry.Sources.Single().Counts;
        var dropped = filters.Index().Select(rule => source.Entry.DroppedBy(rule.Index));
        return $"{string.Join(' ', dropped)}\n"
            + $"{counts.Events} {counts.BlankLines} {counts.NulBytes} {counts.ReplacedSequences} "
            + $"{counts.InheritedStamps} {counts.SplitPieces} {source.Positions.Single().LastStamp}\n"
            + string.Join('\n', source.Events);
    }

    static async Task<RunningSource> ShipAsync(
        TestFolder folder, FramingPlan framing, IReadOnlyList<FilterRule> filters)
    {
        var plan = RunningSource.PlanOf(folder["log"]) with { Filters = filters, Framing = framing };
        var source = new RunningSource(
            plan, folder["state"], new FakeTimeProvider(new(2026, 2, 10, 4, 0, 0, TimeSpan.Zero)), new());
        var bytes = new FileInfo(folder["log"]).Length;
        await source.UntilAsync(() => source.IsDrained && source.Positions.Exists(row => row.OffsetBytes == bytes));
        return source;
    }
}
