namespace Agent.Pipeline;

/// <summary>Entries that are configured no more, or otherwise now: nothing more is read for them. What was read has
/// some seconds to be taken; then what the service has not got is left to whoever reads the files next, who goes on
/// where the delivered ends. On the reader's thread, but where it says otherwise.</summary>
sealed class Retirement(HeldFiles held, TimeProvider time)
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    readonly List<Leaving> _leaving = [];
    IReadOnlyList<string> _paths = [];

    sealed class Leaving(Entry entry, long since)
    {
        public Entry Entry => entry;
        public long Since => since;
        public bool IsGivenUp { get; set; }
    }

    public IEnumerable<Entry> Entries => _leaving.Select(one => one.Entry);

    /// <summary>The paths that are not free yet. Any thread may ask.</summary>
    public IReadOnlyList<string> Paths => Volatile.Read(ref _paths);

    /// <summary>How long until the next look; null where there is nothing to look for.</summary>
    public TimeSpan? Due => _leaving.Count == 0 ? null : LookInterval;

    /// <summary>What was read is sent, and nothing more is read.</summary>
    public void Begin(Entry entry)
    {
        foreach (var source in entry.Sources)
        {
            source.Close();
        }

        _leaving.Add(new(entry, time.GetTimestamp()));
        NotePaths();
    }

    /// <summary>Lets those go of which nothing is on its way any more.</summary>
    /// <returns>Whether there were any.</returns>
    public bool EndDrained()
    {
        if (_leaving.Count == 0)
        {
            return false; // asked between any two reads
        }

        var over = _leaving.FindAll(IsOver);
        if (over.Count == 0)
        {
            return false;
        }

        foreach (var one in over)
        {
            one.Entry.LeaveTo(held);
            _leaving.Remove(one);
        }

        NotePaths();
        return true;
    }

    bool IsOver(Leaving one)
    {
        var (sources, age) = (one.Entry.Sources, time.GetElapsedTime(one.Since));
        if (!one.IsGivenUp)
        {
            foreach (var source in sources)
            {
                source.TakeBackDenied();
            }

            // What is in no file any more is not given up: nobody could read it again.
            if (age < Plan.Drain || sources.Any(source => source.HoldsTheOnly))
            {
                return sources.All(source => source.IsDrained);
            }

            one.IsGivenUp = true;
            foreach (var source in sources)
            {
                source.GiveUp();
            }
        }

        return age >= Plan.LongestRequest || !sources.Any(source => source.IsSending);
    }

    void NotePaths() =>
        Volatile.Write(ref _paths, [.. Entries.SelectMany(entry => entry.Sources).Select(source => source.Path)]);
}
