using System.Collections.Concurrent;
using System.Globalization;
using Agent.Events;
using Agent.Native;

namespace Agent.Tail;

/// <summary>What is kept of files that were deleted before they were delivered: without it they live by the handle
/// that is open, and a restart would lose them. A folder for each row of the positions. Any thread may call.</summary>
sealed class Spool : IDisposable
{
    readonly ConcurrentDictionary<long, SpoolFolder> _folders = [];
    readonly SemaphoreSlim _turn = new(1);
    readonly List<string> _aside = [];
    readonly string _path;
    int _copying;
    bool _isStopped;

    /// <param name="path">Of all folders; made when the first is.</param>
    /// <param name="mostBytes">On disk. 0 keeps nothing new; what is there is read all the same.</param>
    /// <param name="rows">All that are known. Of what is delivered nothing is kept; what is of no row that anybody
    /// knows, since the positions were lost, is set aside.</param>
    /// <exception cref="IOException">What is there cannot be read; nor with an
    /// <see cref="UnauthorizedAccessException"/>.</exception>
    public Spool(string path, long mostBytes, IReadOnlyCollection<FilePosition> rows)
    {
        var isFinished = rows.ToDictionary(row => row.Id, row => row.IsFinished);
        _path = path;
        MostBytes = mostBytes;
        foreach (var folder in Directory.Exists(path) ? Directory.GetDirectories(path) : [])
        {
            if (!long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var row))
            {
                continue; // somebody else's
            }

            _folders[row] = new SpoolFolder(folder);
            if (!isFinished.TryGetValue(row, out var isDelivered) && _folders[row].EndBytes > 0)
            {
                _aside.Add(SetAside(row));
            }
            else if (isDelivered)
            {
                Drop(row);
            }
        }
    }

    /// <summary>Where that is now which was set aside at the start: nothing tells whose lines they are.</summary>
    public IReadOnlyList<string> Aside => _aside;

    /// <summary>Whether deleted files are kept from now on.</summary>
    public bool IsOn => MostBytes > 0;

    public long MostBytes { get; }

    /// <summary>Of how many files something is kept.</summary>
    public int Files => _folders.Count(folder => folder.Value.EndBytes > 0);

    public long DiskBytes => _folders.Sum(folder => folder.Value.DiskBytes);

    /// <summary>Why a deleted file is not kept, or not all of it; null while all are.</summary>
    public string? Trouble => _folders.Values.Select(folder => folder.Fault).FirstOrDefault(fault => fault is not null);

    /// <summary>Whether something is on its way into it.</summary>
    public bool IsCopying => Volatile.Read(ref _copying) > 0;

    /// <summary>Whether another segment has room.</summary>
    public bool HasRoom => !Volatile.Read(ref _isStopped) && DiskBytes + SpoolSegment.MostBytes <= MostBytes;

    /// <summary>Nothing more is kept: what is on its way into it ends soon.</summary>
    public void Stop() => Volatile.Write(ref _isStopped, true);

    /// <summary>What is kept of a row's file; null when nothing is.</summary>
    public SpoolFolder? Of(long rowId) => _folders.GetValueOrDefault(rowId);

    /// <summary>Where a row's file is kept. Nothing is written yet.</summary>
    public SpoolFolder For(long rowId) => _folders.GetOrAdd(
        rowId, id => new SpoolFolder(Path.Combine(_path, id.ToString(CultureInfo.InvariantCulture))));

    /// <summary>Copies one file after the other: the disk and a processor are the lines' that are shipped.</summary>
    public async Task InTurnAsync(Action copy)
    {
        Interlocked.Increment(ref _copying);
        await _turn.WaitAsync();
        try
        {
            PrivateFolder.Make(_path);
            copy();
        }
        finally
        {
            _turn.Release();
            Interlocked.Decrement(ref _copying);
        }
    }

    /// <summary>Lets go of what is delivered, once the positions that say so are on disk.</summary>
    public void NoteCommitted(IReadOnlyCollection<FilePosition> positions)
    {
        if (_folders.IsEmpty)
        {
            return;
        }

        foreach (var position in positions)
        {
            if (position.IsFinished)
            {
                Drop(position.Id);
            }
            else
            {
                // What stands right before the position tells that it is the same file.
                Of(position.Id)?.DropBefore(position.OffsetBytes - position.Anchor.LengthBytes);
            }
        }
    }

    /// <summary>Lets go of a row's file.</summary>
    public void Drop(long rowId)
    {
        if (_folders.TryRemove(rowId, out var folder))
        {
            folder.Drop();
        }
    }

    /// <summary>Leaves what is under a row to a person: it is of another file.</summary>
    /// <returns>Where it is now: where it was, if the disk refuses, until the next start.</returns>
    public string SetAside(long rowId)
    {
        var path = For(rowId).Path;
        _folders.TryRemove(rowId, out _);
        var aside = path + ".unknown";
        for (var i = 2; Directory.Exists(aside); i++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{path}.unknown-{i}");
        }

        try
        {
            Directory.Move(path, aside);
            return aside;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    public void Dispose() => _turn.Dispose();
}
