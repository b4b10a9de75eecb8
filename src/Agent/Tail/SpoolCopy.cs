using System.Buffers;
using Agent.Events;

namespace Agent.Tail;

/// <summary>Copies what is left of a deleted file to the spool, beside the reader's thread: up to the end that the file
/// has now.</summary>
/// <param name="isLast">Whether nobody can write to the file any more.</param>
/// <param name="committed">Up to where the file is delivered, and the disk knows: it grows meanwhile.</param>
sealed class SpoolCopy(DeletedFile file, bool isLast, Spool spool, SpoolFolder folder, Func<long> committed)
{
    // A segment begins and ends with whole characters in every encoding.
    const int LongestUnit = 4;

    const string Full = "it is full";

    bool _isOver;

    /// <summary>Whether it came to the end, or had to stop.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    public void Start() => _ = Task.Run(async () =>
    {
        try
        {
            await spool.InTurnAsync(Copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder.Fault = e.Message; // tried again at a later look
        }
        finally
        {
            Volatile.Write(ref _isOver, true);
        }
    });

    void Copy()
    {
        if (!spool.HasRoom)
        {
            folder.Fault = Full;
            return;
        }

        var block = ArrayPool<byte>.Shared.Rent(SpoolSegment.MostBytes);
        try
        {
            Copy(block.AsSpan(0, SpoolSegment.MostBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    void Copy(Span<byte> block)
    {
        folder.Begin(block[..file.ReadAt(0, block[..ContentPrint.HeadBytes])]);
        while (TryCopyNext(block))
        {
            if (!spool.HasRoom)
            {
                folder.Fault = Full;
                return;
            }
        }

        folder.Fault = null;
    }

    bool TryCopyNext(Span<byte> block)
    {
        // What stands before a position tells that it is the same file.
        var needed = Math.Max(0, committed() - ContentPrint.AnchorBytes);
        var from = Math.Max(folder.NextBytes, needed - (needed % LongestUnit));
        var read = file.ReadAt(from, block);
        if (read > 0 && from + read > folder.EndBytes)
        {
            return folder.TryAdd(from, block[..WholeLines(from, block[..read])]);
        }

        if (isLast)
        {
            folder.NoteWhole(file.LastWritten);
        }

        return false;
    }

    // A segment that is damaged takes no part of another's lines with it.
    static int WholeLines(long from, ReadOnlySpan<byte> read)
    {
        if (read.Length < SpoolSegment.MostBytes)
        {
            return read.Length;
        }

        var length = read.Length;
        do
        {
            length = read[..(length - 1)].LastIndexOf((byte)'\n') + 1;
        }
        while ((from + length) % LongestUnit != 0 && length > SpoolSegment.MostBytes / 2);

        return length > SpoolSegment.MostBytes / 2 ? length : read.Length - (int)((from + read.Length) % LongestUnit);
    }
}
