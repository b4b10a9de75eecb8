using System.IO.Compression;
using System.Net;
using LocalCloud.Api;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Http;

/// <summary>Reads the bodies of requests into pooled buffers, up to a bound on the wire and the same bound unzipped:
/// the largest batch the service takes is 1 MiB of text, six times that when every byte is an escape, and ten thousand
/// events' member names.</summary>
static class RequestBody
{
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The bytes as sent: what a signature covers.</summary>
    public static async Task<PooledBuffer> ReadAsync(HttpRequest request)
    {
        var body = new PooledBuffer((int)Math.Min(request.ContentLength ?? 0, MaxBytes) + 1);
        try
        {
            await FillAsync(body, request.Body, request.HttpContext.RequestAborted);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public static bool IsZipped(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => false,
        "gzip" => true,
        var encoding => throw RefusedException.NotTheJsonExpected($"Content-Encoding '{encoding}' is not known.")
    };

    public static async Task<PooledBuffer> UnzipAsync(PooledBuffer zipped, CancellationToken cancel)
    {
        var body = new PooledBuffer(zipped.Length * 4);
        try
        {
            await using var wire = zipped.AsStream();
            await using var gzip = new GZipStream(wire, CompressionMode.Decompress);
            await FillAsync(body, gzip, cancel);
            return body;
        }
        catch (Exception failed)
        {
            body.Dispose();
            if (failed is InvalidDataException)
                throw RefusedException.NotTheJsonExpected("The body is not the gzip that Content-Encoding promises.");
            throw;
        }
    }

    static async Task FillAsync(PooledBuffer body, Stream stream, CancellationToken cancel)
    {
        while (await stream.ReadAsync(body.GetMemory(), cancel) is > 0 and var count)
        {
            body.Advance(count);
            if (body.Length > MaxBytes)
            {
                throw new RefusedException("RequestEntityTooLargeException",
                    $"The body exceeds {MaxBytes} bytes, as sent or unzipped.", HttpStatusCode.RequestEntityTooLarge);
            }
        }
    }
}
