using Agent.Discovery;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>The files of a path that were read to their end: they are not begun again, neither under another name nor
/// as a compressed copy.</summary>
sealed class FinishedFiles(SourcePlan plan, SourceRoom room, IEnumerable<FilePosition> rows)
{
    /// <summary>As many rotated files of one log as anybody keeps: beyond that a file is known by its inode only.
    /// </summary>
    public const int MostByContent = 64;

    readonly List<FilePosition> _last = [.. rows.Where(row => row.IsFinished).TakeLast(MostByContent)];

    /// <summary>Those that a search knows by their content.</summary>
    public IReadOnlyList<FilePosition> Last => _last;

    /// <summary>Where a file was finished; null when it was not, as far as is known.</summary>
    public FilePosition? At(PathLook look, string path) =>
        room.Claims.FinishedAt(look.Identity, look.Since, path, plan.Entry.Destination);

    /// <summary>Whether a file was read to its end, or is a copy of what was.</summary>
    public bool Holds(Sibling sibling) =>
        room.Claims.IsCopy(sibling.Identity, sibling.Since, sibling.Facts.LengthBytes)
        || room.Claims.FinishedAt(
            sibling.Identity, sibling.Since, sibling.Path, plan.Entry.Destination) is not null;

    public void Add(FilePosition position)
    {
        _last.Add(position);
        if (_last.Count > MostByContent)
        {
            _last.RemoveAt(0);
        }

        room.Claims.Finish(position, plan.Entry.Destination);
    }

    /// <summary>It is read on, or it is another file by now.</summary>
    public void Forget(FilePosition position)
    {
        _last.RemoveAll(row => row.Id == position.Id);
        room.Claims.Forget(position, plan.Entry.Destination);
    }
}
