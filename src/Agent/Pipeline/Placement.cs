using Agent.Discovery;
using Agent.Events;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Which files positions belong to now, as far as a quick look can tell. A file is known by device and inode
/// as long as the machine stays up, and by its content otherwise; its name says nothing.</summary>
/// <param name="Found">Oldest first, the file at the path last.</param>
/// <param name="Lost">Those whose file is nowhere, unless it was compressed.</param>
/// <param name="Fault">Why it cannot be told yet; null when it can.</param>
sealed record Placement(
    IReadOnlyList<(Missing Missing, TailedFile File, string Path)> Found,
    IReadOnlyList<Missing> Lost,
    string? Fault)
{
    /// <param name="neighbours">Asked only where a file is not where it was.</param>
    public static Placement Of(
        string path, PathLook look, IReadOnlyList<Missing> missing, string bootId, Neighbourhood neighbours)
    {
        var found = new List<(Missing, TailedFile, string Path)>();
        var lost = new List<Missing>();
        var taken = new HashSet<string>();
        foreach (var one in missing)
        {
            if (Find(path, look, one, bootId, neighbours, taken, out var fault) is { } match)
            {
                taken.Add(match.Path);
                found.Add((one, match.File, match.Path));
            }
            else if (fault is null)
            {
                lost.Add(one);
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
    /// <param name="content">What was read of it.</param>
    public static TailedFile? FindCopy(
        string path, FilePosition position, TailedContent content, Neighbourhood neighbours) =>
        neighbours.Of(path).LongestFirst // of two copies the longer one holds more
            .Where(sibling => sibling.Identity != position.Identity)
            .Select(sibling => (sibling.Path, Head: content.HeadIn(sibling.Facts.LengthBytes)))
            .Where(one => one.Head.LengthBytes > 0)
            .Select(one => TryOpenCopy(one.Path, position with { Head = one.Head }, content))
            .FirstOrDefault(file => file is not null);

    static TailedFile? TryOpenCopy(string path, FilePosition position, TailedContent content)
    {
        var file = TailedFile.TryResume(path, position, out _, out _);
        if (file is null || content.MayBeCopiedIn(file))
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    // The file itself if it is there and still holds what it held, else any that does.
    static (TailedFile File, string Path)? Find(
        string path, PathLook look, Missing missing, string bootId, Neighbourhood neighbours,
        HashSet<string> taken, out string? fault)
    {
        var position = missing.Position;
        List<(string Path, FileIdentity Identity)> here =
            look.State == PathState.Present && !taken.Contains(path) ? [(path, look.Identity)] : [];
        if (FindItself(missing.IsTruncated ? [] : here, position, bootId, out fault) is { } unmoved)
        {
            return unmoved;
        }

        // It is there and cannot be opened: that is no reason to look elsewhere.
        var beside = neighbours.Of(path);
        fault ??= beside.Fault == default ? null : beside.Fault.Text;
        if (fault is not null)
        {
            return null;
        }

        var renamed = Free(beside.WithInode(position.Identity.Inode), taken);
        if (FindItself(renamed, position, bootId, out fault) is { } moved)
        {
            return moved;
        }

        return fault is null && position.Head.LengthBytes > 0
            ? FindContent([.. Free(beside.LongestFirst, taken), .. here], position)
            : null;
    }

    static List<(string Path, FileIdentity Identity)> Free(IEnumerable<Sibling> siblings, HashSet<string> taken) =>
        [.. siblings.Where(one => !taken.Contains(one.Path)).Select(one => (one.Path, one.Identity))];

    static (TailedFile File, string Path)? FindItself(
        List<(string Path, FileIdentity Identity)> candidates, FilePosition position, string bootId, out string? fault)
    {
        fault = null;
        foreach (var (path, identity) in candidates)
        {
            if (!IsSame(identity, position, bootId)
                || (position.Head.LengthBytes == 0 && !IsNamedAfter(path, position.SourcePath)))
            {
                continue;
            }

            if (TailedFile.TryResume(path, position, out _, out var why) is { } file)
            {
                return (file, path);
            }

            fault ??= why.Code == 0 ? null : $"{path}: {why.Text}";
        }

        return null;
    }

    static (TailedFile File, string Path)? FindContent(
        List<(string Path, FileIdentity Identity)> candidates, FilePosition position)
    {
        foreach (var (path, _) in candidates)
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
    static bool IsNamedAfter(string candidate, string path) => candidate == path || RotatedName.Is(candidate, path);

    static bool IsSame(FileIdentity identity, FilePosition position, string bootId) =>
        identity.Inode == position.Identity.Inode
        && (position.BootId != bootId || identity.Device == position.Identity.Device);
}
