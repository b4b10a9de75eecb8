namespace Agent.Discovery;

/// <summary>What happened in the watched folders since the last look.</summary>
sealed class Changes
{
    /// <summary>Every path that anything happened to.</summary>
    public HashSet<string> Paths { get; } = [];

    /// <summary>Those of the paths that came to be, by being made or moved there: only they can be new matches of a
    /// pattern. Folders are among them.</summary>
    public HashSet<string> Arrived { get; } = [];

    /// <summary>Whether a folder was made, moved or deleted, or its permissions changed: patterns must be walked
    /// again, since files may have come to be in it unseen.</summary>
    public bool HasFolderChanges { get; set; }

    /// <summary>Renames in the order they happened: a file that was created and rotated away between two looks is
    /// known by nothing else.</summary>
    public List<(string From, string To)> Renames { get; } = [];

    /// <summary>Where each file that left a path is by now: it may have been renamed again since. One that another
    /// file was moved on top of is nowhere, and not told.</summary>
    public IEnumerable<(string From, string Now)> WhereTheyWent()
    {
        // From the last rename back, so that what is at each of its paths is known: a chain costs a look each.
        var endsAt = new Dictionary<string, string?>(StringComparer.Ordinal);
        var ends = new string?[Renames.Count];
        for (var i = Renames.Count - 1; i >= 0; i--)
        {
            var (from, to) = Renames[i];
            ends[i] = endsAt.GetValueOrDefault(to, to);
            endsAt[to] = null;
            endsAt[from] = ends[i];
        }

        for (var i = 0; i < ends.Length; i++)
        {
            if (ends[i] is { } now)
            {
                yield return (Renames[i].From, now);
            }
        }
    }

    public void Clear()
    {
        Paths.Clear();
        Arrived.Clear();
        Renames.Clear();
        HasFolderChanges = false;
    }
}
