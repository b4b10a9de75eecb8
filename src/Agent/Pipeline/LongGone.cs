using Agent.Discovery;
using Agent.Events;
using Agent.Native;

namespace Agent.Pipeline;

/// <summary>Rows that nobody needs any more: of files that were read to their end and are gone for long, or are gone
/// and too many to be kept. Where each process writes a log of its own name they would become more and more.</summary>
static class LongGone
{
    /// <summary>So many finished rows of an entry are kept for as long as they may be of use.</summary>
    public const int MostKept = 10_000;

    // Longer than anybody keeps a compressed log beside a file of another name, and still expects it to be known.
    static readonly TimeSpan Long = TimeSpan.FromDays(90);

    /// <param name="rows">Those of one entry, oldest first. The newest stays: it tells that this is not the entry's
    /// first start.</param>
    public static List<FilePosition> Among(
        IReadOnlyList<FilePosition> rows, DateTimeOffset now, Neighbourhood neighbours)
    {
        var before = (now - Long).ToUnixTimeMilliseconds();
        var finished = rows.SkipLast(1).Where(row => row.IsFinished).ToList();
        var spare = finished.Count - MostKept;
        var ofMany = OfMany(finished);
        return
        [
            .. finished.Where((row, index) =>
                (IsBefore(row, before) || (index < spare && IsOnItsDevice(row)))
                && IsGone(row, ofMany.Contains(row.Id), neighbours))
        ];
    }

    // Those of a log that was rotated so often since that they are not known by their content any more.
    static HashSet<long> OfMany(IEnumerable<FilePosition> finished) =>
    [
        .. finished.GroupBy(row => row.SourcePath)
            .SelectMany(log => log.SkipLast(FinishedFiles.MostByContent))
            .Select(row => row.Id)
    ];

    // A row of before there were such times has none, and stays.
    static bool IsBefore(FilePosition row, long before) => row.SeenAt > 0 && row.SeenAt < before;

    // A row is also what tells a path that is known from one that is new: the last ones stay as long as anything is
    // there.
    static bool IsGone(FilePosition row, bool isOfMany, Neighbourhood neighbours)
    {
        var look = PathLook.At(row.SourcePath);
        if (look.State == PathState.Unknown || (look.State == PathState.Present && !isOfMany))
        {
            return false;
        }

        var beside = neighbours.Of(row.SourcePath);
        return beside.Fault == default && !beside.WithInode(row.Identity.Inode).Any()
            && (isOfMany || !beside.Rotated.Any());
    }

    // Else its file system may not be mounted, and its files are not gone.
    static bool IsOnItsDevice(FilePosition row)
    {
        var folder = Path.GetDirectoryName(row.SourcePath);
        while (folder is not null)
        {
            if (FileFacts.TryOf(folder, out var facts, out _))
            {
                return facts.Device == row.Identity.Device;
            }

            folder = Path.GetDirectoryName(folder);
        }

        return false;
    }
}
