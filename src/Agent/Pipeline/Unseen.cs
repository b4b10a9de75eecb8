using Agent.Discovery;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>Looks for rotated files of a path that nobody knows, and knows up to when there can be none. A look that
/// finds the same file at the path as before counts only once that file was found not truncated: it may have been
/// copied, and the copy be of what nobody saw.</summary>
sealed class Unseen
{
    // Thousands of paths may be vacant, in a folder that goes on changing.
    static readonly TimeSpan MostAge = TimeSpan.FromSeconds(1);

    readonly SourcePlan _plan;
    readonly SourceRoom _room;
    readonly SourcePast _past;
    readonly bool _isFirst; // nothing can have been missed before the first look
    bool _hasLooked;
    bool _isLookedAround; // for what came while nobody looked
    long _lookedAt; // and found the file that is read, which may have been truncated; 0 once that is known
    long _listedAt; // the files that are searched

    public Unseen(SourcePlan plan, SourceRoom room, SourcePast past, IReadOnlyList<FilePosition> rows)
    {
        _plan = plan;
        _room = room;
        _past = past;
        _isFirst = rows.Count == 0;
        SeenAt = _isFirst ? NowMilliseconds : Believable(rows.Max(row => row.SeenAt));
    }

    /// <summary>Up to when all is known that came and went at the path, in milliseconds since 1970, UTC.</summary>
    public long SeenAt { get; private set; }

    /// <summary>Whether nobody has looked around since there was reason to.</summary>
    public bool IsDue => !_isLookedAround;

    /// <summary>There is reason to look around again.</summary>
    public void Require() => _isLookedAround = false;

    /// <summary>The file at the path is the one that is read.</summary>
    public void NoteLook()
    {
        if (_isLookedAround)
        {
            _lookedAt = NowMilliseconds;
        }
    }

    /// <summary>A file was truncated: what the last look found says nothing.</summary>
    public void DropLook() => _lookedAt = 0;

    /// <summary>Whether a look waits until it is known whether a file was truncated.</summary>
    public bool HasLook => _lookedAt > 0;

    /// <summary>No file was truncated by the time of the last look: all that was there before it is known.</summary>
    public void CountLook()
    {
        if (!_past.IsBusy)
        {
            SeenAt = _lookedAt; // though it be earlier: a clock may have been put back
        }

        _lookedAt = 0;
    }

    /// <summary>Looks around: the file at the path changed, and there may have been others in between. The new one is
    /// open by then, so that what comes later is its own affair. While another search goes on, and where not all files
    /// can be listed, it stays due.</summary>
    /// <param name="current">Where the files stand that are being read.</param>
    public void LookAround(IEnumerable<FilePosition> current)
    {
        var now = NowMilliseconds;
        var isSearched = false;
        _isLookedAround = !_past.IsSearching && TryLook(current, TimeSpan.Zero, out isSearched);
        if (!_isLookedAround)
        {
            return;
        }

        if (isSearched)
        {
            _listedAt = now;
        }
        else if (!_past.HasMissing)
        {
            SeenAt = now;
        }
    }

    /// <summary>Looks around for what came and went at a path where nothing is. It is not known up to when: the next
    /// look takes in the same time again.</summary>
    public void LookAgain(IEnumerable<FilePosition> current)
    {
        if (!_past.IsSearching)
        {
            TryLook(current, MostAge, out _);
        }
    }

    // False where files may be missing in the listing.
    bool TryLook(IEnumerable<FilePosition> current, TimeSpan mostAge, out bool isSearched)
    {
        isSearched = false;
        if (SeenAt == 0 || (_isFirst && !_hasLooked))
        {
            _hasLooked = true;
            return true;
        }

        var beside = _room.Neighbours.Of(_plan.Path, mostAge);
        var unseen = DeepSearch.UnseenAmong(beside.Rotated, SeenAt, IsKnown);
        isSearched = unseen.Count > 0;
        if (isSearched)
        {
            _past.Search([], [.. current], unseen, []);
        }

        return beside.Fault.Code == 0;
    }

    /// <summary>No search goes on. Only what was listed for one that looked for what is unseen was looked at.</summary>
    public void NoteSearched()
    {
        if (_listedAt > 0)
        {
            SeenAt = _listedAt;
            _listedAt = 0;
        }
    }

    bool IsKnown(Sibling sibling) =>
        _room.Claims.HolderOf(sibling.Identity, _plan.Entry.Destination) is not null
        || _past.IsMissing(sibling.Identity) || _past.Finished.Holds(sibling);

    // A row from a time to come was written by a clock that was wrong, and nobody can tell by how much: all that lies
    // there is looked into then.
    long Believable(long seenAt) => seenAt > NowMilliseconds ? 1 : seenAt;

    long NowMilliseconds => _room.Lanes.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
