using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Agent.Batch;
using Agent.Tail;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>What a rotation deletes before it is delivered outlives the agent, where the configuration asks for
/// it.</summary>
public sealed class SpoolTests : IDisposable
{
    const long Mebibyte = 1 << 20;

    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly List<string> _lines =
        [.. Enumerable.Range(0, 60_000).Select(i => $"line {i} of a log that has a few megabytes of such lines")];

    readonly SegmentPool _memory = new(64, TimeProvider.System);

    ScriptedService _service = new();
    bool _isDown = true;
    long _acceptedBytes; // though it is down
    string _error = "ServiceUnavailableException";

    public SpoolTests() => Restart();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ADeletedFileIsDeliveredInOrderThoughTheAgentWasKilledMeanwhile()
    {
        await using (var source = Start())
        {
            await SpooledAsync(source);
            _folder.Write("log", "what came after it\n");
            source.Read();
        }

        _isDown = false;
        await using var next = Start();
        await next.UntilAsync(() => next.Delivered.Count > _lines.Count);

        Assert.Equal([.. _lines, "what came after it"], InOrder(next));
        Assert.Empty(next.Gaps);
    }

    [Fact]
    public async Task ADeletedFileIsClosedOnceAllOfItIsKept()
    {
        await using var source = Start();
        await SpooledAsync(source);

        Assert.Equal(0, source.Handles.Taken);
        Assert.InRange(source.Spool.DiskBytes, 1, Mebibyte);
        _isDown = false;
        await source.UntilAsync(() => source.Delivered.Count == _lines.Count, seconds: 5);
        Assert.Equal(_lines, InOrder(source));
    }

    [Fact]
    public async Task AFileThatIsStillWrittenToStaysOpenAndItsNewLinesAreKeptToo()
    {
        await using (var source = Start())
        {
            using (var writer = new StreamWriter(Write(), append: true))
            {
                source.Read();
                File.Delete(_folder["log"]);
                await source.UntilAsync(() => source.Spool.Of(1)?.EndBytes > 3 * Mebibyte);
                await writer.WriteAsync("written after it was deleted\n");
                await writer.FlushAsync(TestContext.Current.CancellationToken);
                var length = writer.BaseStream.Length;
                await source.UntilAsync(() => source.Spool.Of(1)?.EndBytes == length);
                Assert.Equal(1, source.Handles.Taken);
            }

            await source.UntilAsync(() => source.Handles.Taken == 0);
        }

        _isDown = false;
        await using var next = Start();
        await next.UntilAsync(() => next.Delivered.Count > _lines.Count);
        Assert.Equal([.. _lines, "written after it was deleted"], InOrder(next));
    }

    [Fact]
    public async Task NothingIsKeptOfWhatIsDeliveredOnceThePositionSaysSo()
    {
        await using var source = Start();
        await SpooledAsync(source);
        _isDown = false;

        await source.UntilAsync(() => source.Entry.Sources.All(one => one.Lives.Count == 0));
        await source.UntilAsync(() => source.Spool.Files == 0);
        Assert.Empty(Directory.GetDirectories(_folder["state/spool"]));
    }

    [Fact]
    public async Task WhatWasDeliveredBeforeAKillIsNotDeliveredAgain()
    {
        int before;
        await using (var source = Start())
        {
            await SpooledAsync(source);
            _acceptedBytes = Mebibyte;
            await source.UntilAsync(
                () => source.Entry.Sources.Any(one => one.Lives.Any(life => life.Lane.DeliveredBytes > 0)), seconds: 5);
            await source.StopAsync();
            before = source.Delivered.Count;
        }

        _isDown = false;
        await using var next = Start();
        await next.UntilAsync(() => next.Delivered.Count >= _lines.Count - before);

        Assert.InRange(before, 1, _lines.Count - 1);
        Assert.Equal(_lines.Skip(before), InOrder(next));
        Assert.Empty(next.Gaps);
    }

    [Fact]
    public async Task ADamagedSegmentIsAGapOfItsRangeAndTheRestIsDelivered()
    {
        await using (var source = Start())
        {
            await SpooledAsync(source);
        }

        var (from, to) = Damage(Segments()[1]);
        _isDown = false;
        await using var next = Start();
        var whole = string.Join('\n', _lines) + '\n';
        var expected = (whole[..(int)from] + whole[(int)to..]).TrimEnd('\n').Split('\n');
        await next.UntilAsync(() => next.Delivered.Count >= expected.Length);

        Assert.Equal(expected, InOrder(next));
        var gap = Assert.Single(next.Gaps);
        Assert.Equal((from, to), (gap.FromBytes, gap.ToBytes));
        Assert.Contains("spool", gap.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAnAgentThatWasKilledCouldNotKeepIsAGap()
    {
        await using (var source = Start())
        {
            await SpooledAsync(source);
        }

        var last = Segments()[^1];
        var kept = SpoolSegment.Of(last)!.Value.FromBytes;
        last.Delete();
        File.Delete(Path.Combine(last.DirectoryName!, ".whole"));
        _isDown = false;
        await using var next = Start();
        await next.UntilAsync(() => next.Gaps.Count > 0);

        var gap = Assert.Single(next.Gaps);
        Assert.Equal((kept, null), (gap.FromBytes, gap.ToBytes));
        Assert.Equal(_lines.Take(next.Delivered.Count), InOrder(next));
    }

    [Fact]
    public async Task WhatFindsNoRoomInTheSpoolIsHeldOpenAndSaid()
    {
        _lines.Clear();
        _lines.AddRange(Enumerable.Range(0, 40_000).Select(
            _ => Convert.ToHexString(RandomNumberGenerator.GetBytes(50))));
        Write();
        await using var source = Start(2 * Mebibyte);
        source.Read();
        File.Delete(_folder["log"]);
        await source.UntilAsync(() => source.Spool.Trouble is not null);

        Assert.InRange(source.Spool.DiskBytes, Mebibyte, 2 * Mebibyte);
        Assert.Equal(1, source.Handles.Taken);
        _isDown = false;
        await source.UntilAsync(() => source.Delivered.Count == _lines.Count, seconds: 5);
        Assert.Equal(_lines, InOrder(source));
        await source.UntilAsync(() => source.Spool is { Trouble: null, Files: 0 });
    }

    [Fact]
    public async Task AFullSpoolIsNoTroubleOnceAllIsDeliveredThoughTheFileMayStillBeWrittenTo()
    {
        await using var source = Start(spoolBytes: 1);
        using var writer = new FileStream(Write(), FileMode.Open, FileAccess.Write);
        source.Read();
        File.Delete(_folder["log"]);
        await source.UntilAsync(() => source.Spool.Trouble is not null);
        _isDown = false;

        await source.UntilAsync(() => source.Delivered.Count == _lines.Count && source.Spool.Trouble is null);
        Assert.Equal(1, source.Handles.Taken);
    }

    [Fact]
    public async Task WhatBelongsToPositionsThatAreLostIsSetAsideAndNotDropped()
    {
        await using (var source = Start())
        {
            await SpooledAsync(source);
        }

        var segments = Segments().ConvertAll(file => file.Name);
        foreach (var file in Directory.GetFiles(_folder["state"], "positions.db*"))
        {
            File.Delete(file);
        }

        await using var next = Start();
        next.Read();

        Assert.Equal([_folder["state/spool/1.unknown"]], next.Spool.Aside);
        Assert.Equal(segments, Segments().ConvertAll(file => file.Name));
        Assert.Equal(0, next.Spool.Files);
    }

    [Fact]
    public async Task WhatIsOfAnotherFileIsSetAsideAndNotShipped()
    {
        await using (var source = Start())
        {
            await SpooledAsync(source);
        }

        var start = Path.Combine(Segments()[0].DirectoryName!, ".start");
        _folder.Write(start, new string('x', 256));
        await using var next = Start();

        Assert.True(Directory.Exists(_folder["state/spool/1.unknown"]));
        Assert.Contains(next.Log.Lines, line => line.Contains("of another", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADiskThatRefusesIsSaidAndTheFileIsHeldOpen()
    {
        Directory.CreateDirectory(_folder["state"]);
        _folder.Write("state/spool", "in the way");
        Write();
        await using var source = Start();
        source.Read();
        File.Delete(_folder["log"]);
        await source.UntilAsync(() => source.Spool.Trouble is not null);

        File.Delete(_folder["state/spool"]);
        await source.UntilAsync(() => source is { Spool.Trouble: null, Handles.Taken: 0 });
    }

    [Fact]
    public async Task AFileThatWasCompressedBeforeItWasDeletedIsNotReadTwice()
    {
        await using (var source = Start())
        {
            _folder.Write("log", _lines[0] + "\n"); // and so the position knows a part of the beginning only
            await source.UntilAsync(() => _memory.UsedBytes > 0);
            Write();
            source.Read();
            Compress("log", "log.1.gz");
            File.Delete(_folder["log"]);
            await source.UntilAsync(() => source.Handles.Taken == 0 && source.Spool.Files == 1);
            _folder.Write("log", "what came after it\n");
            source.Read();
        }

        _isDown = false;
        await using var next = Start();
        await next.UntilAsync(() => next.Delivered.Count > _lines.Count);
        await next.UntilAsync(() => next.IsDrained && next.Entry.Sources.All(one => !one.HasPast), seconds: 30);

        Assert.Equal([.. _lines, "what came after it"], InOrder(next));
    }

    [Fact]
    public async Task WhatWasCompressedIsReadFromThereWhereNotAllOfItWasKept()
    {
        await using (var source = Start())
        {
            Write();
            source.Read();
            Compress("log", "log.1.gz");
            File.Delete(_folder["log"]);
            await source.UntilAsync(() => source.Handles.Taken == 0 && source.Spool.Files == 1);
        }

        var last = Segments()[^1];
        last.Delete();
        File.Delete(Path.Combine(last.DirectoryName!, ".whole"));
        _isDown = false;
        await using var next = Start();
        await next.UntilAsync(() => next.Delivered.Count >= _lines.Count);

        Assert.Equal(_lines, InOrder(next));
        Assert.Empty(next.Gaps);
    }

    [Fact]
    public async Task ASegmentThatCannotBeReadNowIsReadLater()
    {
        await using (var source = Start())
        {
            await SpooledAsync(source);
        }

        _isDown = false;
        await using var next = Start();
        var segment = Segments()[1].FullName;
        File.Move(segment, segment + ".away");
        Directory.CreateDirectory(segment);
        await next.UntilAsync(() => next.Entry.Sources.Any(one => one.IsHindered));
        Directory.Delete(segment);
        File.Move(segment + ".away", segment);
        await next.UntilAsync(() => next.Delivered.Count >= _lines.Count);

        Assert.Equal(_lines, InOrder(next));
        Assert.Empty(next.Gaps);
    }

    [Fact]
    public async Task AFileThatGrowsLineByLineBecomesFewSegments()
    {
        await using var source = Start();
        using (var writer = new StreamWriter(Write(), append: true) { AutoFlush = true })
        {
            source.Read();
            File.Delete(_folder["log"]);
            for (var i = 0; i < 20; i++)
            {
                await writer.WriteAsync("one line more\n");
                var length = writer.BaseStream.Length;
                await source.UntilAsync(() => source.Spool.Of(1)?.EndBytes == length);
            }
        }

        Assert.InRange(Segments().Count, 4, 5);
        _isDown = false;
        await source.UntilAsync(() => source.Delivered.Count == _lines.Count + 20, seconds: 5);
        Assert.Equal([.. _lines, .. Enumerable.Repeat("one line more", 20)], InOrder(source));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheEncodingThatItsFirstBytesToldIsKnown(bool isRestarted)
    {
        var source = Start();
        try
        {
            _folder.Write("log", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(string.Join('\n', _lines) + '\n')]);
            _acceptedBytes = Mebibyte * 3 / 2; // the first batch
            source.Read();
            File.Delete(_folder["log"]);
            await source.UntilAsync(() =>
                source.Handles.Taken == 0 && source.Positions.Exists(row => row.OffsetBytes > 2));
            var before = InOrder(source).ToList();
            if (isRestarted)
            {
                await source.DisposeAsync();
                source = Start();
            }

            _isDown = false;
            var expected = isRestarted ? _lines.Skip(before.Count).ToList() : _lines;
            await source.UntilAsync(() => source.Delivered.Count >= expected.Count, seconds: 5);
            Assert.Equal(expected, InOrder(source));
        }
        finally
        {
            await source.DisposeAsync();
        }
    }

    [Fact]
    public async Task WhoEmptiesADeletedFileTakesNothingFromWhatWasKeptOfIt()
    {
        await using var source = Start();
        using (var writer = new FileStream(Write(), FileMode.Open))
        {
            source.Read();
            File.Delete(_folder["log"]);
            var length = writer.Length;
            await source.UntilAsync(() => source.Spool.Of(1)?.EndBytes == length);
            writer.SetLength(0);
            await source.UntilAsync(() => source.Handles.Taken == 0);
        }

        _isDown = false;
        await source.UntilAsync(() => source.Delivered.Count == _lines.Count, seconds: 5);
        Assert.Equal(_lines, InOrder(source));
        Assert.All(source.Gaps, gap => Assert.Null(gap.ToBytes));
    }

    [Fact]
    public async Task WhatIsDeniedGoesBackToTheSpool()
    {
        await using var source = Start();
        await SpooledAsync(source);
        _error = "AccessDeniedException";
        await source.UntilAsync(
            () => source.Entry.Sources.Any(one => one.IsDenied) && _memory.UsedBytes == 0, seconds: 5);

        _isDown = false;
        await source.UntilAsync(() => source.Delivered.Count >= _lines.Count, seconds: 5);
        Assert.Equal(_lines, InOrder(source));
    }

    [Fact]
    public async Task WithoutItADeletedFileIsHeldOpenOnly()
    {
        Write();
        await using var source = Start(spoolBytes: 0);
        source.Read();
        File.Delete(_folder["log"]);
        await source.UntilAsync(() => source.Entry.Sources.All(one => one.HasPast), seconds: 5);
        source.Read();

        Assert.Equal(1, source.Handles.Taken);
        Assert.False(Directory.Exists(_folder["state/spool"]));
    }

    RunningSource Start(long spoolBytes = 64 * Mebibyte)
    {
        Restart();
        return new(
            RunningSource.PlanOf(_folder["log"]), _folder["state"], _time, _service, _memory, spoolBytes: spoolBytes);
    }

    // A service counts the answers of one run.
    void Restart() => _service = new()
    {
        OnPut = batch => Task.FromResult(_isDown && batch.End.OffsetBytes > _acceptedBytes
            ? Answers.Error(_error)
            : Answers.Ok())
    };

    string Write() => _folder.Write("log", string.Join('\n', _lines) + '\n');

    async Task SpooledAsync(RunningSource source)
    {
        Write();
        source.Read();
        File.Delete(_folder["log"]);
        await source.UntilAsync(() => source.Spool.Files == 1 && source.Handles.Taken == 0);
    }

    List<FileInfo> Segments() =>
    [
        .. new DirectoryInfo(_folder["state/spool"]).EnumerateFiles("*.gz", SearchOption.AllDirectories)
            .OrderBy(file => file.Name)
    ];

    static (long FromBytes, long ToBytes) Damage(FileInfo file)
    {
        var bytes = File.ReadAllBytes(file.FullName);
        bytes[bytes.Length / 2] ^= 0x55;
        File.WriteAllBytes(file.FullName, bytes);
        var segment = SpoolSegment.Of(file)!.Value;
        return (segment.FromBytes, segment.ToBytes);
    }

    void Compress(string from, string to)
    {
        using (var packed = new GZipStream(File.Create(_folder[to]), CompressionLevel.Fastest))
        {
            packed.Write(File.ReadAllBytes(_folder[from]));
        }

        File.SetLastWriteTimeUtc(_folder[to], File.GetLastWriteTimeUtc(_folder[from]));
    }

    static IEnumerable<string> InOrder(RunningSource source) =>
        source.Events.OrderBy(one => one.Stamp).Select(one => one.Message);
}
