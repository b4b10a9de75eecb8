using Agent.Events;

namespace Agent.Pipeline;

/// <summary>A thread that reads, with the entries that are its own.</summary>
abstract class Reader : IDisposable
{
    protected Reader(string name, Action wake)
    {
        Name = name;
        Inbox = new(SnapshotNow, wake);
        Orders = new(wake);
    }

    public string Name { get; }

    /// <summary>Whether all that was read is resolved. To be asked once it has ended.</summary>
    public abstract bool IsDrained { get; }

    /// <summary>Whether lines were read that the service denies, and are to be read again. To be asked once it has
    /// ended.</summary>
    public abstract bool IsDenied { get; }

    /// <summary>What is lost now of files that were deleted. To be asked once it has ended.</summary>
    public abstract long BytesAtRisk { get; }

    /// <summary>Whether requests with its lines are on their way. To be asked once it has ended.</summary>
    public abstract bool IsSending { get; }

    /// <summary>Whether entries come or go at this moment.</summary>
    public abstract bool IsChanging { get; }

    /// <summary>What other threads ask of it.</summary>
    protected Inbox<Snapshot> Inbox { get; }

    /// <summary>What other threads want done by it.</summary>
    protected Orders Orders { get; }

    /// <summary>Whether what an entry names is read for one that is retired, as long as something of it is on its way.
    /// Any thread may ask.</summary>
    public abstract bool IsRetiring(EntryPlan entry);

    /// <summary>Tries to send nothing again. To be called once it has ended.</summary>
    public abstract void GiveUp();

    /// <summary>Runs on a thread of its own until it is stopped: reading blocks, and a thread pool thread must
    /// not.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.Factory.StartNew(
        () => Run(stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What it knows, as soon as it comes to it: never if it hangs or has ended.</summary>
    public Task<Snapshot> SnapshotAsync() => Inbox.AskAsync();

    /// <summary>Reads for entries from now on, or as soon as it runs. One thread calls this and
    /// <see cref="Retire"/>.</summary>
    /// <param name="begun">With what is known of the files of each, oldest first.</param>
    public abstract void Begin(IReadOnlyList<(EntryPlan Plan, IReadOnlyList<FilePosition> Rows)> begun);

    /// <summary>Reads nothing for entries any more, as far as they are its own. What they name is free when it is not
    /// <see cref="IsRetiring"/> any more.</summary>
    public abstract void Retire(IReadOnlyCollection<EntryPlan> retired);

    /// <summary>Lets go of all files, once it has ended.</summary>
    public abstract void LeaveToNext();

    public abstract void Dispose();

    /// <summary>Reads until told to stop. Returns once all that was read is handed over.</summary>
    protected abstract void Run(CancellationToken stopping);

    /// <summary>What it knows, on its own thread.</summary>
    protected abstract Snapshot SnapshotNow();
}
