using Agent.Events;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>A regular file that fits a pattern.</summary>
/// <param name="Facts">Those of the file itself, be the path a link.</param>
/// <param name="IsLink">Whether the path is a symbolic link: the file's changes are told in another folder.</param>
sealed record FoundFile(string Path, FileFacts Facts, bool IsLink)
{
    public FileIdentity Identity => new(Facts.Device, Facts.Inode);

    /// <summary>When it was made, or written to where that is all that is known.</summary>
    public DateTimeOffset Since => Facts.Born ?? Facts.Modified;
}

/// <summary>What a walk could not look at.</summary>
/// <param name="Reason">As the end of a sentence about the path.</param>
readonly record struct WalkFault(string Path, string Reason);

/// <summary>What a pattern stands for now.</summary>
/// <param name="Files">In ordinal order of their paths. One file may have several.</param>
/// <param name="Folders">Where a change can bring a new match: all exist, or did when the walk passed them. A folder
/// link further up that is led elsewhere is noticed in them too; a folder further up that is moved away is not.</param>
/// <param name="Faults">Not empty when there may be matches that were not found.</param>
sealed record GlobWalk(
    IReadOnlyList<FoundFile> Files, IReadOnlySet<string> Folders, IReadOnlyList<WalkFault> Faults);
