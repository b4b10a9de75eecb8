using Agent.Discovery;
using Agent.Events;

namespace Agent.Pipeline;

/// <summary>Who reads what: local files share a thread, since reading them never waits for long; each remote file
/// system has one of its own, and so has the journal.</summary>
sealed class Readers(ReaderRoom room) : IDisposable
{
    const string Local = "/";

    // More remote file systems than this share threads: a host that mounts hundreds has no use for hundreds of them.
    const int MostRemote = 8;

    readonly Lock _lock = new();
    readonly List<Reader> _all = [];

    /// <summary>All there are. Any thread may ask.</summary>
    public IReadOnlyList<Reader> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Whether files that an entry names are read for one that is retired, as long as something of them is
    /// on its way.</summary>
    public bool AreRetiring(EntryPlan entry) => All.Any(reader => reader.IsRetiring(entry));

    /// <summary>Reads nothing for entries any more.</summary>
    public void Retire(IReadOnlyCollection<EntryPlan> retired)
    {
        foreach (var reader in All)
        {
            reader.Retire(retired);
        }
    }

    /// <summary>Reads for entries from now on.</summary>
    /// <param name="begun">With what is known of the files of each, oldest first.</param>
    /// <returns>The readers that are new: they are to be run.</returns>
    public IReadOnlyList<Reader> Begin(IReadOnlyList<(EntryPlan Plan, IReadOnlyList<FilePosition> Rows)> begun)
    {
        var mounts = Mounts.Read();
        var added = new List<Reader>();
        foreach (var group in begun.GroupBy(one => NameOf(one.Plan, mounts)))
        {
            var reader = ReaderOf(group.Key) ?? Add(group.Key, added);
            reader.Begin([.. group]);
        }

        return added;
    }

    // One answers between two reads; one that does not hangs in its file system.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What readers know, all of them asked together, and the names of those that do not answer.</summary>
    public static async Task<(IReadOnlyList<Snapshot> Answers, IReadOnlyList<string> Silent)> AskAsync(
        IReadOnlyList<Reader> readers, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var asked = readers.Select(reader => (reader.Name, Answer: reader.SnapshotAsync())).ToList();
        var (answers, silent) = (new List<Snapshot>(), new List<string>());
        foreach (var (name, answer) in asked)
        {
            try
            {
                answers.Add(await answer.WaitAsync(either.Token));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                silent.Add(name);
            }
        }

        return (answers, silent);
    }

    public void Dispose()
    {
        foreach (var reader in All)
        {
            reader.Dispose();
        }
    }

    Reader? ReaderOf(string name)
    {
        var all = All;
        var remote = all.Where(reader => reader.Name is not (Local or JournalPlan.Path)).ToList();
        return all.FirstOrDefault(reader => reader.Name == name)
            ?? (name is not (Local or JournalPlan.Path) && remote.Count >= MostRemote
                ? remote[(int)((uint)string.GetHashCode(name, StringComparison.Ordinal) % MostRemote)]
                : null);
    }

    Reader Add(string name, List<Reader> added)
    {
        // What a remote server's other clients write, inotify does not see: there the files are looked at.
        Reader reader = name == JournalPlan.Path
            ? new JournalReader(room)
            : new FileReader(name, room, name == Local ? ChangeWatch.Create() : ChangeWatch.CreateWithoutNotice());
        lock (_lock)
        {
            _all.Add(reader);
        }

        added.Add(reader);
        return reader;
    }

    static string NameOf(EntryPlan entry, Mounts mounts) =>
        entry.Journal is not null ? JournalPlan.Path
        : mounts.IsRemote(entry.Files.StaticFolder)
            ? mounts.MountPointOf(entry.Files.StaticFolder) ?? entry.Files.StaticFolder
            : Local;
}
