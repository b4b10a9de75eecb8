using System.Text;
using Agent.Checkpoint;
using Agent.Detect;
using Agent.Framing;
using Agent.Pipeline;
using Agent.Tail;
using Agent.Tests.Support;
using CloudWatch.Alarms;
using CloudWatch.Metrics;
using CloudWatch.Patterns;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>What is seen in a file's blocks, and what is committed of it.</summary>
public sealed class ObservingTests : IDisposable
{
    static readonly string[] Pieces =
    [
        "sshd[1]: Failed password for root", "Failed", " ", "\n", "\n", "\r\n", "\r\r\n", "\n\n", "\n ", "é€😀", "\0",
        "\0\0\0\0\0\0\0\0\0", "\uFFFF", "xx Failed \0", "Failed \uFFFF\n", "Jan  5 12:00:01 h su: Failed\n"
    ];

    // Of four hours ago and before. The first four are of one minute.
    static readonly string[] Stamped =
    [
        "\n03:58:01 Failed user", "\n03:58:02 ok", "\n03:58:03 Failed",
        "\n03:58:01 Failed\n03:58:59 ok\n03:58:00 Failed user\n03:58:02 ok",
        "\n03:59:01 Failed\n03:59:02 Failed\n03:59:03 Failed user\n03:59:03 Failed", "\n03:57:01 Failed\r", "\nFailed",
        "\n", "\n ", "\n03:58:01", "\n03:58:010 Failed", " Failed", "\nat 03:59:01 Failed", "\n03:58:60 Failed", "\0"
    ];

    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    readonly PositionStore _store;
    readonly Committer _committer;

    public ObservingTests()
    {
        _store = PositionStore.Open(_folder.Root, out _);
        _committer = new(_store, _time, NullLogger.Instance);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    /// <summary>Whether all lines are looked at for the sake of another detection, or only those that a text is found
    /// in, whatever bytes they hold.</summary>
    [Fact]
    public void ALineIsSeenAlikeWhetherAllAreLookedAtOrNot() =>
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Array[1, 300], Gen.Int[0, 40_000]).Sample(
            (pieces, padding) =>
            {
                var text = Encoding.UTF8.GetBytes(
                    new string('x', padding) + string.Concat(pieces.Select(piece => Pieces[piece])) + "\nFailed\n");
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = text[i] == 0xEF ? (byte)0xFF : text[i]; // ill-formed
                }

                var searched = Seen(text, Detection("Failed"));
                Assert.Equal(searched, Seen(text, Detection("Failed"), Detection("-nothing")));
                Assert.NotEmpty(searched);
            },
            iter: 500, threads: 1);

    /// <summary>Whether each is looked at, or only those whose timestamp has not the form of the one before.</summary>
    [Fact]
    public void ALineIsSeenAtTheTimeOfItsTimestamp() =>
        Gen.Select(
            Gen.OneOf(Gen.Int[0, 3].Array[1, 400], Gen.Int[0, Stamped.Length - 1].Array[1, 400]), Gen.Bool).Sample(
            (pieces, isSearched) =>
            {
                var text = Encoding.UTF8.GetBytes(
                    string.Concat(pieces.Select(piece => Stamped[piece])) + "\n12:00:00 Failed user\n");
                var framing = new FramingPlan
                {
                    Start = EventStart.EveryLine,
                    TimestampFormat = "%H:%M:%S",
                    Zone = TimeZoneInfo.Utc
                };
                var looking = framing with { Start = EventStart.Pattern, StartsEvent = _ => true };
                Detection[] detections = [Detection(isSearched ? "Failed user" : "-nothing"), Detection("Failed")];

                var seen = Seen(text, framing, detections);
                Assert.Equal(Seen(text, looking, detections), seen);
                Assert.NotEmpty(seen);
            },
            iter: 300, threads: 1);

    [Fact]
    public async Task APositionWaitsForWhatWasSeenBeforeIt()
    {
        var detection = Detection("Failed");
        var observing = new Observing(Watch(detection), _committer);
        observing.Record(Some.Position with { OffsetBytes = 1 });
        observing.Seen.Add(detection, 1_799_999_990, 1, "Failed"u8);
        observing.Record(Some.Position with { OffsetBytes = 2 });
        observing.Record(Some.Position with { Id = 9, OffsetBytes = 3 });
        Assert.Equal([1L], _committer.ReadPositions().Select(row => row.OffsetBytes));

        observing.Settle();

        Assert.Equal([2L, 3L], _committer.ReadPositions().Select(row => row.OffsetBytes).Order());
        using var ends = new CancellationTokenSource();
        var committing = _committer.RunAsync(ends.Token);
        await _committer.TriedAsync();
        await ends.CancelAsync();
        await committing;
        Assert.Equal([2L, 3L], _store.ReadPositions().Select(row => row.OffsetBytes).Order());
        Assert.Contains(_store.State.Read(), row => row.Key == "point/Failed/1799999940");
        observing.Record(Some.Position with { OffsetBytes = 4 });
        Assert.Contains(4L, _committer.ReadPositions().Select(row => row.OffsetBytes));
    }

    // The lines that matched the first of them, with how often and when.
    string Seen(byte[] text, params Detection[] detections) =>
        Seen(text, new FramingPlan { Start = EventStart.EveryLine }, detections);

    string Seen(byte[] text, FramingPlan framing, Detection[] detections)
    {
        var path = _folder["log"];
        File.WriteAllBytes(path, text);
        using var file = TailedFile.TryOpen(path, out _)!;
        var observing = new Observing(Watch(detections), _committer);
        var watched = new LineWatch(detections, TimeZoneInfo.Utc, _time);
        var end = new WatchEnd(watched, observing, hasStamps: framing.TimestampFormat is not null);
        var book = new LaneBook(_committer, _time, () => 0, () => null, observing.Record, Some.Position);
        var intake = new Intake(framing with { LongestBytes = 4096 }, new(), null, TimeSpan.Zero, null);
        var loader = new EventLoader(intake, book, end, new(_time, 0), () => { }, _time, file, 0);
        var block = new byte[TailedContent.BlockBytes];
        Assert.Equal(ReadOutcome.Data, file.Read(block, out var data));
        Assert.True(loader.TryTake(file, data, BlockEnd.Final));
        Assert.Equal(text.Length, file.OffsetBytes);
        var first = observing.Seen.All.FirstOrDefault(one => one.Detection == detections[0]);
        return string.Join('\n', first.Observed ?? []) + string.Join('\n', first.Lines ?? []);
    }

    Watch Watch(params Detection[] detections) => new(detections, [], [], [], _time, out _);

    static Detection Detection(string pattern)
    {
        Assert.True(FilterPattern.TryParse(pattern, out var parsed, out _));
        Assert.True(MetricFilter.TryCreate(parsed, "1", null, [], out var filter, out _));
        return new(
            pattern, null, "/log",
            new(Statistic.Sum, 60, 1, null, 1e9, AlarmComparison.GreaterThanThreshold, MissingData.NotBreaching),
            new HashSet<AlarmValue>(), [], MostLines: 1000)
        {
            Filter = filter
        };
    }
}
