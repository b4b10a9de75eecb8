using Agent.Discovery;
using Agent.Native;

namespace Agent.Pipeline;

/// <summary>Since when there is nothing at a path. Its folder may not be mounted yet: what was read there may come
/// back.</summary>
sealed class Absence(string path, TimeProvider time)
{
    // A volume that is mounted late is there by then; if not, what is said to be lost is read on all the same once it
    // is there.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    bool _isSearched;
    long _since;
    DateTimeOffset _folder; // when it had last changed

    public bool IsForLong => _since != 0 && time.GetElapsedTime(_since) >= Patience;

    /// <summary>Notes what a look found.</summary>
    /// <returns>Whether nothing came to the folder either: a second look finds no more than the first.</returns>
    public bool IsStill(PathLook look)
    {
        var folder = FileFacts.TryOf(Path.GetDirectoryName(path)!, out var facts, out _) ? facts.Modified : default;
        var isStill = look.State == PathState.Absent && _since != 0 && folder == _folder && !IsForLong;
        _folder = folder;
        _since = look.State != PathState.Absent ? 0
            : _since == 0 ? time.GetTimestamp()
            : _since;
        return isStill;
    }

    /// <summary>Whether a search is worth while: where the path is absent one is.</summary>
    public bool TryTakeSearch(PathLook look)
    {
        if (look.State != PathState.Absent)
        {
            return true;
        }

        var isFirst = !_isSearched;
        _isSearched = true;
        return isFirst;
    }
}
