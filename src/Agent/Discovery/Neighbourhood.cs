using Agent.Native;

namespace Agent.Discovery;

/// <summary>Lists folders, and keeps the listings: 10,000 files placed in one folder list it once. A kept listing is
/// good as long as the folder's own time of change is: a file that was copied aside a moment ago must be seen, or what
/// it holds would be recorded as lost. Sizes in it may be older.</summary>
/// <remarks>Made for one thread.</remarks>
sealed class Neighbourhood(TimeProvider time)
{
    // As many as are worth their memory, which for 10,000 files is some 3 MB.
    const int MaxListings = 16;

    // A change in the same tick as the listing leaves the folder's time as it was. A tick is 10 ms at most; where the
    // times have no fractions it is up to two seconds.
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan CoarseTick = TimeSpan.FromSeconds(2);

    readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    readonly record struct Kept(FolderListing Listing, FileFacts Folder);

    /// <summary>What lies beside a path now.</summary>
    public Siblings Of(string path) => Of(path, TimeSpan.Zero);

    /// <summary>What lay beside a path not long ago: of thousands that are looked at in turn while their folder goes on
    /// changing, not each lists it.</summary>
    public Siblings Of(string path, TimeSpan mostAge)
    {
        var folder = Path.GetDirectoryName(path)!;
        var linked = Siblings.TargetOf(path) is { } target ? Path.GetDirectoryName(target)! : folder;
        return new(path, linked == folder ? [List(folder, mostAge)] : [List(folder, mostAge), List(linked, mostAge)]);
    }

    /// <summary>Gives the memory of the listings back.</summary>
    public void Forget() => _kept.Clear();

    FolderListing List(string folder, TimeSpan mostAge)
    {
        if (_kept.TryGetValue(folder, out var recent) && (time.GetUtcNow() - recent.Listing.At).Duration() < mostAge)
        {
            return recent.Listing;
        }

        // Looked at before the listing: a change in between makes the listing look old, never new.
        var isThere = FileFacts.TryOf(folder, out var facts, out _);
        if (isThere && _kept.TryGetValue(folder, out var kept) && IsGood(kept, facts))
        {
            return kept.Listing;
        }

        var listing = FolderListing.Of(folder, time.GetUtcNow());
        _kept.Remove(folder);
        if (isThere && listing.Fault == default)
        {
            Keep(folder, new(listing, facts));
        }

        return listing;
    }

    void Keep(string folder, Kept kept)
    {
        if (_kept.Count >= MaxListings)
        {
            _kept.Remove(_kept.MinBy(one => one.Value.Listing.At).Key);
        }

        _kept[folder] = kept;
    }

    static bool IsGood(Kept kept, FileFacts now)
    {
        var tick = now.Modified.Ticks % TimeSpan.TicksPerSecond == 0 ? CoarseTick : Tick;
        return kept.Folder.Inode == now.Inode && kept.Folder.Device == now.Device
            && kept.Folder.Modified == now.Modified && (kept.Listing.At - now.Modified).Duration() >= tick;
    }
}
