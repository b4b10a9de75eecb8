namespace Agent.Pipeline;

/// <summary>Entries that are configured no more, or otherwise now: nothing more is read for them. Once the service has
/// what was read, or denies it, their files are free for others. On the reader's thread, but where it says
/// otherwise.</summary>
sealed class Retirement(HeldFiles held)
{
    readonly List<Entry> _entries = [];
    IReadOnlyList<string> _paths = [];

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The paths that are not free yet. Any thread may ask.</summary>
    public IReadOnlyList<string> Paths => Volatile.Read(ref _paths);

    /// <summary>What was read is sent, and nothing more is read.</summary>
    public void Begin(Entry entry)
    {
        foreach (var source in entry.Sources)
        {
            source.Close();
        }

        _entries.Add(entry);
        NotePaths();
    }

    /// <summary>Lets those go of which nothing is on its way any more.</summary>
    /// <returns>Whether there were any.</returns>
    public bool EndDrained()
    {
        foreach (var source in _entries.SelectMany(entry => entry.Sources))
        {
            source.TakeBackDenied();
        }

        var drained = _entries.FindAll(entry => entry.Sources.All(source => source.IsDrained));
        if (drained.Count == 0)
        {
            return false;
        }

        foreach (var entry in drained)
        {
            entry.LeaveTo(held);
            _entries.Remove(entry);
        }

        NotePaths();
        return true;
    }

    void NotePaths() => Volatile.Write(
        ref _paths, [.. _entries.SelectMany(entry => entry.Sources).Select(source => source.Path)]);
}
