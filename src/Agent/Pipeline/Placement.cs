using Agent.Discovery;
using Agent.Events;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Which files the positions of the last run belong to now. A file is known by device and inode as long as
/// the machine stays up, and by its content otherwise; its name says nothing.</summary>
/// <param name="Found">Oldest first, the file at the path last.</param>
/// <param name="Lost">Positions whose file is nowhere.</param>
/// <param name="Fault">Why it cannot be told yet; null when it can.</param>
sealed record Placement(
    IReadOnlyList<(FilePosition Position, TailedFile File, string Path)> Found,
    IReadOnlyList<FilePosition> Lost,
    string? Fault)
{
    public static Placement Of(string path, PathLook look, IReadOnlyList<FilePosition> positions, string bootId)
    {
        var candidates = new Neighbourhood(TimeProvider.System).Of(path).LongestFirst
            .Select(one => (one.Path, one.Identity)).ToList();
        if (look.State == PathState.Present)
        {
            candidates.Add((path, look.Identity));
        }

        var found = new List<(FilePosition, TailedFile, string Path)>();
        var lost = new List<FilePosition>();
        foreach (var position in positions)
        {
            if (Find(position, candidates, bootId, out var fault) is { } match)
            {
                candidates.RemoveAll(candidate => candidate.Path == match.Path);
                found.Add((position, match.File, match.Path));
            }
            else if (fault is null)
            {
                lost.Add(position);
            }
            else
            {
                found.ForEach(other => other.Item2.Dispose());
                return new([], [], fault);
            }
        }

        return new([.. found.OrderBy(one => one.Path == path)], lost, null);
    }

    /// <summary>The copy of what a file held before it was truncated, open at the same position; null when there is
    /// none. A file of which nothing was seen has no content to know it by.</summary>
    public static TailedFile? FindCopy(string path, FilePosition position) =>
        position.Head.LengthBytes == 0
            ? null
            : new Neighbourhood(TimeProvider.System).Of(path).LongestFirst
                .Where(sibling => sibling.Identity != position.Identity)
                .Select(sibling => TailedFile.TryResume(sibling.Path, position, out _, out _))
                .FirstOrDefault(file => file is not null);

    // The file itself if it is there and still holds what it held, else any that does.
    static (TailedFile File, string Path)? Find(
        FilePosition position,
        List<(string Path, FileIdentity Identity)> candidates,
        string bootId,
        out string? fault)
    {
        fault = null;
        var itself = candidates.FindAll(candidate => IsSame(candidate.Identity, position, bootId)
            && (position.Head.LengthBytes > 0 || IsNamedAfter(candidate.Path, position.SourcePath)));
        foreach (var (path, _) in itself)
        {
            if (TailedFile.TryResume(path, position, out _, out var why) is { } file)
            {
                return (file, path);
            }

            // It is there and cannot be opened: that is no reason to look elsewhere.
            fault ??= why.Code == 0 ? null : $"{path}: {why.Text}";
        }

        if (fault is not null || position.Head.LengthBytes == 0)
        {
            return null;
        }

        foreach (var (path, _) in candidates.Except(itself))
        {
            if (TailedFile.TryResume(path, position, out _, out _) is { } file)
            {
                return (file, path);
            }
        }

        return null;
    }

    // A file of which nothing was seen has no content to know it by, and an inode that became free is soon given to
    // somebody else's file: only a name like "secure.1" or "secure-20261122" makes it likely that it is the one.
    static bool IsNamedAfter(string candidate, string path) =>
        Path.GetFileName(candidate).StartsWith(Path.GetFileName(path), StringComparison.Ordinal);

    static bool IsSame(FileIdentity identity, FilePosition position, string bootId) =>
        identity.Inode == position.Identity.Inode
        && (position.BootId != bootId || identity.Device == position.Identity.Device);
}
