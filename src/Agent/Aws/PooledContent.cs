using System.Net;
using System.Net.Http.Headers;
using CloudWatch.Wire;

namespace Agent.Aws;

/// <summary>A request body that is written straight from the memory it was built in. The memory may be used again only
/// once the writing has ended, which can be after the answer came: a service may refuse a request it has read half
/// of.</summary>
sealed class PooledContent : HttpContent
{
    static readonly MediaTypeHeaderValue Json = new(LogsApi.ContentType);

    readonly IReadOnlyList<ReadOnlyMemory<byte>> _parts;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool _isStarted;

    /// <param name="isPacked">Whether the parts are compressed.</param>
    public PooledContent(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool isPacked = false)
    {
        _parts = parts;
        Headers.ContentType = Json;
        if (isPacked)
        {
            Headers.ContentEncoding.Add("gzip");
        }
    }

    /// <summary>Ends when nobody reads the memory any more. To be asked when the request is over.</summary>
    public Task WritingEndedAsync() => _isStarted ? _ended.Task : Task.CompletedTask;

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        for (var i = 0; i < _parts.Count; i++)
        {
            length += _parts[i].Length;
        }

        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isStarted = true;
        try
        {
            for (var i = 0; i < _parts.Count; i++)
            {
                await stream.WriteAsync(_parts[i], cancellationToken);
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
