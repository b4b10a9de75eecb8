using Agent.Events;

namespace Agent.Tail;

/// <summary>Copies what is left of a deleted file to the spool, beside the reader's thread: up to the end that the file
/// has now.</summary>
/// <param name="rowId">Of the file's row.</param>
/// <param name="committed">Up to where the file is delivered, and the disk knows: it grows meanwhile.</param>
sealed class SpoolCopy(DeletedFile file, Spool spool, long rowId, Func<long> committed)
{
    bool _isOver;

    /// <summary>Whether it came to the end, or had to stop.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    public void Start(CancellationToken cancel) => _ = Task.Run(
        () =>
        {
            try
            {
                Copy(spool.Begin(rowId), cancel);
                spool.NoteFault(rowId, null);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                spool.NoteFault(rowId, e.Message); // tried again at the next look
            }

            Volatile.Write(ref _isOver, true);
        },
        CancellationToken.None);

    void Copy(SpoolFolder folder, CancellationToken cancel)
    {
        var block = new byte[SpoolSegment.MostBytes];
        while (!cancel.IsCancellationRequested && spool.MayGrow)
        {
            // What stands before a position tells that it is the same file.
            var from = Math.Max(folder.EndBytes, Math.Max(0, committed() - ContentPrint.AnchorBytes));
            var read = file.ReadAt(from, block);
            if (read == 0 || !folder.TryAdd(from, block.AsSpan(0, WholeLines(block.AsSpan(0, read)))))
            {
                return;
            }
        }
    }

    // A segment that is damaged takes no part of another's lines with it.
    static int WholeLines(ReadOnlySpan<byte> read)
    {
        var lineEnd = read.Length < SpoolSegment.MostBytes ? -1 : read.LastIndexOf((byte)'\n');
        return lineEnd < 0 ? read.Length : lineEnd + 1;
    }
}
