using Agent.Batch;
using Agent.Discovery;
using Agent.Pipeline;
using Agent.Tests.Support;
using CloudWatch;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>The promise where it is easily broken: lines that never leave, order that is lost, one stream that stops
/// another.</summary>
public sealed class PromiseTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly ScriptedService _service = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheLastLineOfARotatedFileIsDeliveredThoughItHasNoLineEnd()
    {
        await using var source = Start();
        _folder.Write("log", "one\nlast words");
        await source.UntilAsync(() => source.Delivered.Count == 1);
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "new\n");

        // An hour, with a look every ten seconds as the reader has it.
        for (var i = 0; i < 360; i++)
        {
            source.Read();
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        await source.UntilAsync(() => source.Delivered.Contains("last words"));
        Assert.Equal(3, source.Delivered.Count);
    }

    [Fact]
    public async Task LinesOfANewFileAreStampedLaterThanThoseOfTheOldOne()
    {
        await using var source = Start();
        _folder.Write("log", "old\n");
        source.Read();
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "new\n");
        await source.UntilAsync(() => source.Delivered.Count == 2);

        var stamps = source.Events.ToDictionary(one => one.Message, one => one.Stamp);
        Assert.True(stamps["old"] < stamps["new"], $"{stamps["old"]} and {stamps["new"]}");
    }

    [Fact]
    public async Task ATruncationNeverMovesTheCommitBack()
    {
        await using var source = Start();
        _folder.Write("log", "one\ntwo\n");
        await source.UntilAsync(() => source.Positions is [{ OffsetBytes: 8 }]);
        _folder.Append("log", "three\n");
        File.Copy(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "");
        source.Read();
        await source.StopAsync();

        // Forward it may have moved: the copy holds another line.
        Assert.InRange(source.Positions[0].OffsetBytes, 8, 14);
    }

    [Fact]
    public async Task ALineOfNearlyAMebibyteThatEndsInBadBytesFitsTheServicesLimit()
    {
        await using var source = Start();
        byte[] line = [.. Enumerable.Repeat((byte)'x', Limits.EventBytes - 1), 0xFF, (byte)'\n'];
        _folder.Write("log", line);
        await source.UntilAsync(() => source.IsDrained && source.Delivered.Count > 0);

        Assert.All(source.Delivered,
            text => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(text), 1, Limits.EventBytes));
    }

    [Fact]
    public async Task AStreamThatIsDeniedLeavesMemoryToTheOthers()
    {
        // The smallest budget that may be configured.
        var memory = new SegmentPool((16 << 20) / SegmentPool.SegmentBytes, TimeProvider.System);
        var denied = new ScriptedService { OnPut = _ => Task.FromResult(Answers.Error("AccessDeniedException")) };
        List<RunningSource> sources = [];
        try
        {
            for (var i = 0; i < 8; i++)
            {
                _folder.Write($"denied-{i}", string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 60_000)));
                sources.Add(new(_folder[$"denied-{i}"], _folder[$"state-{i}"], _time, denied, memory));
                sources[i].Read();
                sources[i].Read();
            }

            _folder.Write("log", "healthy\n");
            await using var healthy = new RunningSource(_folder["log"], _folder["state"], _time, _service, memory);
            await healthy.UntilAsync(() => healthy.Delivered.Count == 1);
        }
        finally
        {
            foreach (var source in sources)
            {
                await source.DisposeAsync();
            }
        }
    }

    [Fact]
    public void TwoDestinationsNeverShareARow()
    {
        var first = Some.Plan(Some.Position.SourcePath, group: "b");
        var second = Some.Plan(Some.Position.SourcePath, group: "c");
        var lastId = Some.Position.Id;
        var known = new KnownPositions(
            [Some.Position], [first, second], () => ++lastId, DateTimeOffset.UnixEpoch, new CollectingLog());

        Assert.Empty(known.Of(first).Select(row => row.Id).Intersect(known.Of(second).Select(row => row.Id)));
    }

    [Fact]
    public void AnEmptyFileOfTheLastRunIsNotTakenForAnotherFileThatGotItsInode()
    {
        var stranger = _folder.Write("other.log", "somebody else's lines\n");
        var position = Some.Position with { Identity = PathLook.At(stranger).Identity };

        var placement = Placement.Of(
            _folder["log"], PathLook.At(_folder["log"]), [new(position, 0, IsTruncated: false)], Some.Position.BootId,
            new(TimeProvider.System));
        foreach (var (_, file, _) in placement.Found)
        {
            file.Dispose();
        }

        Assert.Empty(placement.Found);
    }

    RunningSource Start() => new(_folder["log"], _folder["state"], _time, _service);
}
