using Agent.Discovery;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>Rows that nobody needs any more: of files that were read to their end and are gone for long. Where each
/// process writes a log of its own name they would become more and more.</summary>
static class LongGone
{
    // Longer than anybody keeps a compressed log beside a file of another name, and still expects it to be known.
    static readonly TimeSpan Long = TimeSpan.FromDays(90);

    /// <param name="rows">Those of one entry, oldest first. The newest stays: it tells that this is not the entry's
    /// first start.</param>
    public static List<FilePosition> Among(
        IReadOnlyList<FilePosition> rows, DateTimeOffset now, Neighbourhood neighbours)
    {
        var before = (now - Long).ToUnixTimeMilliseconds();
        // A row of before there were such times has none, and stays.
        return
        [
            .. rows.SkipLast(1).Where(row =>
                row is { IsFinished: true, SeenAt: > 0 } && row.SeenAt < before && IsGone(row, neighbours))
        ];
    }

    // A row is also what tells a path that is known from one that is new: it stays as long as anything is there.
    static bool IsGone(FilePosition row, Neighbourhood neighbours)
    {
        if (PathLook.At(row.SourcePath).State != PathState.Absent)
        {
            return false;
        }

        var beside = neighbours.Of(row.SourcePath);
        return beside.Fault == default && !beside.WithInode(row.Identity.Inode).Any()
            && !beside.Rotated.Any();
    }
}
