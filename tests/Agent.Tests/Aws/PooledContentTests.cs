using Agent.Aws;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>Memory is used again only when nobody reads it any more.</summary>
public sealed class PooledContentTests : IDisposable
{
    readonly GatedStream _stream = new();
    readonly PooledContent _content = new(["one "u8.ToArray(), "two"u8.ToArray()]);

    public void Dispose()
    {
        _content.Dispose();
        _stream.Dispose();
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WritingEndsWhenTheLastByteIsWritten()
    {
        var writing = _content.CopyToAsync(_stream, Cancel);
        var ended = _content.WritingEndedAsync();
        Assert.False(ended.IsCompleted);

        _stream.Open();
        await writing;
        await ended;
        Assert.Equal("one two"u8.ToArray(), _stream.ToArray());
        Assert.Equal(7, _content.Headers.ContentLength);
    }

    [Fact]
    public async Task WritingEndsWhenTheConnectionBreaks()
    {
        var writing = _content.CopyToAsync(_stream, Cancel);
        _stream.Break();

        await _content.WritingEndedAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => writing);
    }

    [Fact]
    public async Task ACancelledWriteHasNotEndedBeforeItLetGoOfTheMemory()
    {
        using var cancel = new CancellationTokenSource();
        var writing = _content.CopyToAsync(_stream, cancel.Token);
        await cancel.CancelAsync();
        var ended = _content.WritingEndedAsync();
        Assert.False(ended.IsCompleted);

        _stream.Open();
        await ended;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public async Task WritingThatNeverBeganHasEnded() => await _content.WritingEndedAsync();
}
