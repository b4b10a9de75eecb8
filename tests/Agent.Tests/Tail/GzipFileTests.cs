using System.IO.Compression;
using System.Text;
using Agent.Events;
using Agent.Tail;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Tail;

/// <summary>Compressed logs, as they should be and as they may be.</summary>
public sealed class GzipFileTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly byte[] _block = new byte[TailedContent.BlockBytes];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AllMembersAreRead()
    {
        _folder.Write("log.gz", [.. Compressed("one\n"), .. Compressed("two\n")]);

        Assert.Equal(("one\ntwo\n", false), ReadAll());
    }

    [Fact]
    public void WhatDecodesOfACutFileIsReadAndTheRestIsSaidToBeMissing()
    {
        var whole = Compressed(Numbered(100_000));
        _folder.Write("log.gz", whole[..(whole.Length / 2)]);

        var (text, isBroken) = ReadAll();

        Assert.True(isBroken);
        Assert.StartsWith(text[..1000], Numbered(100_000), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDecodesOfADamagedFileIsReadAndTheRestIsSaidToBeMissing()
    {
        var whole = Compressed(Numbered(100_000));
        whole[whole.Length / 2] ^= 0xFF;
        _folder.Write("log.gz", whole);

        Assert.True(ReadAll().IsBroken);
    }

    [Fact]
    public void AFileThatIsNoGzipHoldsNothing()
    {
        _folder.Write("log.gz", "plain text\n");

        Assert.Equal(("", true), ReadAll());
    }

    [Fact]
    public void APositionInTheMiddleIsFoundByWhatStandsBeforeIt()
    {
        var text = Numbered(300_000);
        _folder.Write("log.gz", Compressed(text));
        var offset = text.IndexOf("line 250000\n", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(text);
        var position = Some.Position with
        {
            Head = ContentPrint.Of(bytes.AsSpan(0, ContentPrint.HeadBytes)),
            Anchor = ContentPrint.Of(bytes.AsSpan(offset - ContentPrint.AnchorBytes, ContentPrint.AnchorBytes)),
            OffsetBytes = offset
        };

        using var file = GzipFile.TryResume(_folder["log.gz"], position, CancellationToken.None)!;
        file.Read(_block, out var data);

        Assert.StartsWith("line 250000\n", Encoding.UTF8.GetString(data[..64]), StringComparison.Ordinal);
        Assert.Null(GzipFile.TryResume(
            _folder["log.gz"], position with { OffsetBytes = offset + 1 }, CancellationToken.None));
        Assert.Null(GzipFile.TryResume(
            _folder["log.gz"], position with { OffsetBytes = text.Length + 1 }, CancellationToken.None));
    }

    (string Text, bool IsBroken) ReadAll()
    {
        using var file = GzipFile.TryOpen(_folder["log.gz"], out _)!;
        var text = new StringBuilder();
        while (file.Read(_block, out var data) == ReadOutcome.Data)
        {
            text.Append(Encoding.UTF8.GetString(data));
            file.Advance(data);
        }

        return (text.ToString(), file.IsBroken);
    }

    static string Numbered(int lines) =>
        string.Concat(Enumerable.Range(0, lines).Select(number => $"line {number}\n"));

    static byte[] Compressed(string text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
