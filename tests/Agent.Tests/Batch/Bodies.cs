using System.Text.Json;
using Agent.Batch;

namespace Agent.Tests.Batch;

/// <summary>Reads a body back as the service would.</summary>
static class Bodies
{
    public static byte[] Bytes(this FinishedBody body) =>
        [.. body.Segments.SelectMany(segment => segment.ToArray())];

    public static List<(long Stamp, string Message)> Read(this FinishedBody body)
    {
        using var document = JsonDocument.Parse((ReadOnlyMemory<byte>)(byte[])[(byte)'[', .. body.Bytes(), (byte)']']);
        return
        [
            .. from item in document.RootElement.EnumerateArray()
               select (item.GetProperty("timestamp").GetInt64(), item.GetProperty("message").GetString()!)
        ];
    }

    /// <summary>How many segments of a budget nobody holds.</summary>
    public static int Free(this SegmentPool pool)
    {
        List<Segment> rented = [];
        while (pool.TryRent() is { } segment)
        {
            rented.Add(segment);
        }

        var free = rented.Count;
        pool.Return(rented);
        return free;
    }
}
