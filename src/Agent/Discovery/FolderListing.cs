using Agent.Events;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>A file beside a watched one.</summary>
/// <param name="Facts">Those of the file itself, be the path a link.</param>
sealed record Sibling(string Path, FileFacts Facts)
{
    public FileIdentity Identity => new(Facts.Device, Facts.Inode);

    /// <summary>When it was made, or written to where that is all that is known.</summary>
    public DateTimeOffset Since => Facts.Born ?? Facts.Modified;
}

/// <summary>The regular files of a folder at one moment.</summary>
sealed class FolderListing
{
    readonly ILookup<ulong, Sibling> _byInode;
    readonly Lazy<ILookup<string, Sibling>> _byLiveName;

    FolderListing(List<Sibling> files, FileFault fault, DateTimeOffset at)
    {
        At = at;
        LongestFirst = [.. files.OrderByDescending(one => one.Facts.LengthBytes)];
        Fault = fault;
        _byInode = files.ToLookup(one => one.Facts.Inode);
        _byLiveName = new(() => files
            .SelectMany(one => RotatedName.LiveNamesOf(one.Path), (one, live) => (one, live))
            .ToLookup(pair => pair.live, pair => pair.one, StringComparer.Ordinal));
    }

    /// <summary>What was there then is in it.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Of two copies the longer one holds more.</summary>
    public IReadOnlyList<Sibling> LongestFirst { get; }

    /// <summary>Why files may be missing here; the default when none is. A folder that does not exist holds none, and
    /// that is no fault.</summary>
    public FileFault Fault { get; }

    /// <summary>Those with a name that a log of this one gets when it is rotated.</summary>
    public IEnumerable<Sibling> RotatedFrom(string liveName) => _byLiveName.Value[liveName];

    public IEnumerable<Sibling> WithInode(ulong inode) => _byInode[inode];

    /// <summary>Lists a folder. Links are followed; one that leads nowhere, and a name that is no valid UTF-8, are no
    /// logs that were rotated, and whoever may make files could keep us in doubt for ever with them.</summary>
    public static FolderListing Of(string folder, DateTimeOffset now)
    {
        var files = new List<Sibling>();
        using var reader = FolderReader.TryOpen(folder, out var fault);
        while (reader?.TryNext() == true)
        {
            if (reader.Kind is EntryKind.Folder or EntryKind.Other || reader.IsMangled)
            {
                continue;
            }

            var path = Path.Join(folder, reader.Name);
            if (!FileFacts.TryOf(path, out var facts, out var why))
            {
                fault = why.IsAbsent || reader.Kind == EntryKind.Link ? fault : why;
            }
            else if (facts.IsRegular)
            {
                files.Add(new(path, facts));
            }
        }

        return new(files, Worst(reader?.Fault ?? default, fault), now);
    }

    // A listing that broke off hides more than a name that is at fault.
    static FileFault Worst(FileFault listing, FileFault entry) =>
        listing.Code != 0 && !listing.IsAbsent ? listing : entry.IsAbsent ? default : entry;
}
