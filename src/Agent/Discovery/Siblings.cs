using Agent.Native;

namespace Agent.Discovery;

/// <summary>The files beside a watched one, and beside what it links to: where a rotated log has gone.</summary>
/// <param name="path">Of the watched one, which is left out.</param>
/// <param name="folders">One listing, or two for a link.</param>
sealed class Siblings(string path, IReadOnlyList<FolderListing> folders)
{
    /// <summary>The other regular files, made as it is asked for: where many files are placed in one folder, most are
    /// found by their inode.</summary>
    public IEnumerable<Sibling> LongestFirst =>
        from one in folders is [var only]
            ? (IEnumerable<Sibling>)only.LongestFirst
            : folders.SelectMany(folder => folder.LongestFirst).OrderByDescending(one => one.Facts.LengthBytes)
        where one.Path != path
        select one;

    /// <summary>Those of the other files that may be a file that is known; one on another device is among
    /// them.</summary>
    public IEnumerable<Sibling> WithInode(ulong inode) =>
        folders.SelectMany(folder => folder.WithInode(inode)).Where(one => one.Path != path);

    /// <summary>Those of the other files that the name says were rotated away from the path, or copied from it.
    /// </summary>
    public IEnumerable<Sibling> Rotated =>
        folders.SelectMany(folder => folder.RotatedFrom(Path.GetFileName(path))).Where(one => one.Path != path);

    /// <summary>Why some may be missing: then nothing can be said to be gone. The default when none is.</summary>
    public FileFault Fault => folders.Select(folder => folder.Fault).FirstOrDefault(fault => fault.Code != 0);

    /// <summary>The file that a link leads to; null for what is no link.</summary>
    public static string? TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
