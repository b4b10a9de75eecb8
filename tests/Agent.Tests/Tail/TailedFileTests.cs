using System.Text;
using Agent.Events;
using Agent.Tail;
using Agent.Tests.Support;
using CsCheck;
using Xunit;

namespace Agent.Tests.Tail;

/// <summary>A file that is read while somebody writes to it, truncates it and puts other things in its place.</summary>
public sealed class TailedFileTests : IDisposable
{
    const string Banner = "the same first line in every file, long enough to fill what is kept of a head, and more. "
        + "the same first line in every file, long enough to fill what is kept of a head, and more. "
        + "the same first line in every file, long enough to fill what is kept of a head, and more.\n";

    readonly TestFolder _folder = new();
    readonly byte[] _block = new byte[TailedContent.BlockBytes];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("utf-16", 2)]
    [InlineData("utf-16BE", 2)]
    [InlineData("utf-32", 4)]
    public void WhatIsPassedOverEndsWithAWholeLineInEveryEncoding(string encoding, int unitBytes)
    {
        var text = System.Text.Encoding.GetEncoding(encoding);
        byte[] passed = [.. text.Preamble, .. text.GetBytes("one\ntwo\n")];
        _folder.Write("log", [.. passed, .. text.GetBytes("three")]);
        using var file = TailedFile.TryOpen(_folder["log"], out _)!;
        file.PassOver(passed.Length + unitBytes, unitBytes);

        Assert.Equal(passed.Length, file.OffsetBytes);
    }

    [Fact]
    public void WhatIsAppendedIsReadOnceAndInOrder()
    {
        using var file = Open("one\n");

        Assert.Equal("one\n", Take(file));
        Assert.Equal(ReadOutcome.UpToDate, file.Read(_block, out _));
        _folder.Append("log", "two\n");
        Assert.Equal("two\n", Take(file));
        Assert.Equal(8, file.OffsetBytes);
    }

    [Fact]
    public void WhatWasNotTakenIsReadAgain()
    {
        using var file = Open("one\nhalf");

        Assert.Equal("one\nhalf", Take(file, 4));
        _folder.Append("log", " two\n");
        Assert.Equal("half two\n", Take(file));
    }

    [Fact]
    public void AFileTruncatedToLessThanWasReadIsSeen()
    {
        using var file = Open("one\ntwo\n");
        Take(file);
        _folder.Write("log", "new\n");

        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
        Assert.True(file.IsTruncated());
    }

    [Fact]
    public void WhatWasReadIsReadAgainFromWhereItWasOnce()
    {
        using var file = Open("one\ntwo\nthree\n");
        Take(file, 4);
        var position = PositionOf(file);
        Take(file);

        Assert.True(file.TryGoBackTo(position));
        Assert.Equal(4, file.OffsetBytes);
        Assert.Equal("two\nthree\n", Take(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("one\n")]
    [InlineData("another " + Banner + Banner)]
    public void WhatIsNotThereAnyMoreIsNotGoneBackTo(string after)
    {
        using var file = Open(Banner + "two\nthree\n");
        Take(file, Banner.Length);
        var position = PositionOf(file);
        Take(file);
        _folder.Write("log", after);

        Assert.False(file.TryGoBackTo(position));
        Assert.Equal(Banner.Length + 10, file.OffsetBytes);
    }

    /// <summary>The same beginning, and longer than what was read: only what stood before the offset tells.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFileRegrownBehindTheSameBannerIsKnownForAnotherBeforeItIsGoneBackAndAfter(bool before)
    {
        using var file = Open(Banner + Banner + Banner + "two\nthree\n");
        var start = PositionOf(file);
        Take(file);
        Assert.True(before || file.TryGoBackTo(start));
        _folder.Write("log", Banner + string.Concat(Enumerable.Repeat("other lines\n", 200)));

        Assert.False(before && file.TryGoBackTo(start));
        Assert.True(before || file.IsTruncated());
        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
    }

    [Fact]
    public void AFileTruncatedToNothingIsSeen()
    {
        using var file = Open("one\n");
        Take(file);
        _folder.Write("log", "");

        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
    }

    [Fact]
    public void AFileTruncatedToNoLessThanWasReadIsSeenByWhatIsMissingBehind()
    {
        using var file = Open("one\ntwo\n");
        Take(file, 4);
        _folder.Write("log", "one\n");

        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
        Assert.Equal((4, 8), (file.OffsetBytes, file.KnownLengthBytes));
    }

    [Fact]
    public void WhatIsCutOffBehindTheOffsetIsToldOnceAndTheRestStands()
    {
        using var file = Open(Banner + "one\ntwo\n");
        Take(file, Banner.Length + 4);
        using (var stream = File.OpenWrite(_folder["log"]))
        {
            stream.SetLength(Banner.Length + 4);
        }

        Assert.Equal(ReadOutcome.UpToDate, file.Read(_block, out _));
        var cut = file.TakeCut();
        Assert.Equal((Banner.Length + 4L, Banner.Length + 8L), (cut?.FromBytes, cut?.ToBytes));
        Assert.Null(file.TakeCut());
    }

    [Fact]
    public void AFileTruncatedAndRegrownPastTheOffsetIsSeen()
    {
        using var file = Open("one\n");
        Take(file);
        _folder.Write("log", "other, and longer than before\n");

        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
    }

    [Fact]
    public void AFileRegrownPastTheOffsetBehindTheSameBannerIsSeen()
    {
        using var file = Open(Banner + "one\n");
        Take(file);
        _folder.Write("log", Banner + "TWO\nthree\n");

        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
    }

    [Fact]
    public void ARewriteOfTheSameLengthIsSeen()
    {
        using var file = Open("one\n");
        Take(file);
        _folder.Write("log", "two\n");

        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
    }

    [Fact]
    public void ARewriteBeforeAnythingWasTakenIsSeenOnceTheHeadWasSeen()
    {
        using var file = Open("one\n");
        Assert.False(file.IsTruncated());
        _folder.Write("log", "two\n");

        Assert.True(file.IsTruncated());
    }

    [Fact]
    public void AChangedHeadIsSeenFarBehindIt()
    {
        using var file = Open(Banner + "one\n");
        Take(file);
        using (var stream = File.OpenWrite(_folder["log"]))
        {
            stream.Write("T"u8);
        }

        Assert.Equal(ReadOutcome.Truncated, file.Read(_block, out _));
    }

    [Fact]
    public void AFileThatIsNotReadStillTellsHowLongItBecame()
    {
        using var file = Open("one\n");
        _folder.Append("log", "two\n");

        Assert.False(file.IsTruncated());
        Assert.Equal((0, 8), (file.OffsetBytes, file.KnownLengthBytes));
    }

    [Fact]
    public void ADeletedFileIsReadToItsEndAndHasNoPath()
    {
        using var file = Open("one\n");
        File.Delete(_folder["log"]);

        Assert.Equal("one\n", Take(file));
        Assert.Null(file.CurrentPath);
    }

    [Fact]
    public void ARenamedFileIsReadOnAndTellsItsNewPath()
    {
        using var file = Open("one\n");
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Append("log.1", "two\n");

        Assert.Equal("one\ntwo\n", Take(file));
        Assert.Equal(_folder["log.1"], file.CurrentPath);
    }

    /// <summary>However the reader moves on, the file is recognised at every place it can stand at.</summary>
    [Fact]
    public void APositionIsResumedWhereverItWasTaken() =>
        Gen.Select(Gen.Byte.Array[0, 600], Gen.Int[1, 200].Array[1, 12]).Sample((content, steps) =>
        {
            _folder.Write("random", content);
            using var file = TailedFile.TryOpen(_folder["random"], out _)!;
            foreach (var step in steps)
            {
                if (file.Read(_block, out var data) == ReadOutcome.Data)
                {
                    file.Advance(data[..Math.Min(step, data.Length)]);
                }

                using var resumed = TailedFile.TryResume(_folder["random"], PositionOf(file), out var isSame, out _);
                Assert.True(isSame);
                Assert.Equal(
                    Convert.ToHexString(content.AsSpan((int)file.OffsetBytes)), Convert.ToHexString(Rest(resumed!)));
                Assert.Equal(file.Anchor, resumed!.Anchor);
                Assert.Equal(file.Head, resumed.Head);
                Assert.Equal(Math.Min(64, file.OffsetBytes), file.Anchor.LengthBytes);
            }
        }, threads: 1, iter: 200);

    [Theory]
    [InlineData("one\ntwo\nthree\n", true)]
    [InlineData("one\ntwo\n", true)]
    [InlineData("one\ntw", false)]
    [InlineData("one\nTWO\nthree\n", false)]
    [InlineData("ONE\ntwo\nthree\n", false)]
    [InlineData("", false)]
    public void OnlyAFileThatHoldsWhatWasReadIsReadOn(string content, bool isSame)
    {
        using var file = Open("one\ntwo\n");
        Take(file);
        _folder.Write("log", content);

        using var resumed = TailedFile.TryResume(_folder["log"], PositionOf(file), out var found, out var fault);

        Assert.Equal((isSame, isSame, 0), (found, resumed is not null, fault.Code));
        Assert.Equal(isSame ? content[8..] : null, resumed is null ? null : Encoding.UTF8.GetString(Rest(resumed)));
    }

    [Fact]
    public void AFileRegrownBehindTheSameBannerWhileNobodyReadItIsNotReadOn()
    {
        using var file = Open(Banner + "one\n");
        Take(file);
        _folder.Write("log", Banner + "TWO\nthree\n");

        using var resumed = TailedFile.TryResume(_folder["log"], PositionOf(file), out var isSame, out var fault);

        Assert.Equal((false, true, 0), (isSame, resumed is null, fault.Code));
    }

    [Fact]
    public void AResumedFileSeesATruncationAsTheOneBeforeWouldHave()
    {
        using var file = Open("one\ntwo\n");
        Take(file, 4);
        using var resumed = TailedFile.TryResume(_folder["log"], PositionOf(file), out _, out _)!;
        _folder.Write("log", "other\nand more than before\n");

        Assert.Equal(ReadOutcome.Truncated, resumed.Read(_block, out _));
    }

    [Fact]
    public void AnAbsentFileIsToldApartFromOneThatCannotBeOpened()
    {
        Assert.Null(TailedFile.TryOpen(_folder["absent"], out var absent));
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);
        Assert.Null(TailedFile.TryOpen(_folder["loop"], out var loop));

        Assert.Equal((true, false), (absent.IsAbsent, loop.IsAbsent));
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("folder")]
    [InlineData("device")]
    public async Task WhatIsNoRegularFileIsRefusedWithoutWaitingForIt(string kind)
    {
        var path = kind switch
        {
            "pipe" => Programs.MakePipe(_folder["pipe"]),
            "folder" => _folder.Root,
            _ => "/dev/zero"
        };

        // A pipe that nobody writes to would block an ordinary open for ever.
        var cancel = TestContext.Current.CancellationToken;
        var opening = Task.Run(() =>
        {
            using var file = TailedFile.TryOpen(path, out var why);
            Assert.Null(file);
            return why;
        }, cancel);
        var fault = await opening.WaitAsync(TimeSpan.FromSeconds(5), cancel);

        Assert.Equal("not a regular file", fault.Text);
    }

    TailedFile Open(string content) => TailedFile.TryOpen(_folder.Write("log", content), out _)!;

    string Take(TailedFile file, int take = int.MaxValue)
    {
        Assert.Equal(ReadOutcome.Data, file.Read(_block, out var data));
        file.Advance(data[..Math.Min(take, data.Length)]);
        return Encoding.UTF8.GetString(data);
    }

    byte[] Rest(TailedFile file) => file.Read(_block, out var data) == ReadOutcome.Data ? data.ToArray() : [];

    static FilePosition PositionOf(TailedFile file) => Some.Position with
    {
        Identity = file.Identity,
        Head = file.Head,
        Anchor = file.Anchor,
        OffsetBytes = file.OffsetBytes
    };
}
