namespace Agent.Discovery;

/// <summary>What happened in the watched folders since the last look.</summary>
sealed class Changes
{
    /// <summary>Every path that anything happened to.</summary>
    public HashSet<string> Paths { get; } = [];

    /// <summary>Renames in the order they happened: a file that was created and rotated away between two looks is
    /// known by nothing else.</summary>
    public List<(string From, string To)> Renames { get; } = [];

    /// <summary>Where each file that left a path is by now: it may have been renamed again since.</summary>
    public IEnumerable<(string From, string Now)> WhereTheyWent()
    {
        for (var i = 0; i < Renames.Count; i++)
        {
            var (from, now) = Renames[i];
            foreach (var later in Renames.Skip(i + 1).Where(later => later.From == now))
            {
                now = later.To;
            }

            yield return (from, now);
        }
    }

    public void Clear()
    {
        Paths.Clear();
        Renames.Clear();
    }
}
