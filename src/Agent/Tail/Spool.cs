using System.Collections.Concurrent;
using System.Globalization;
using Agent.Events;

namespace Agent.Tail;

/// <summary>What is kept of files that were deleted before they were delivered: without it they live by the handle
/// that is open, and a restart would lose them. A folder for each row of the positions. Any thread may call.</summary>
sealed class Spool : IDisposable
{
    readonly ConcurrentDictionary<long, SpoolFolder> _folders = [];
    readonly SemaphoreSlim _turn = new(1);
    readonly string _path;
    int _copying;

    /// <param name="path">Of all folders; made when the first is.</param>
    /// <param name="mostBytes">On disk. 0 keeps nothing new; what is there is read all the same.</param>
    /// <param name="openRows">Those of which something is to be delivered: of others nothing is kept.</param>
    /// <exception cref="IOException">What is there cannot be read; nor with an
    /// <see cref="UnauthorizedAccessException"/>.</exception>
    public Spool(string path, long mostBytes, IEnumerable<long> openRows)
    {
        var open = openRows.ToHashSet();
        _path = path;
        MostBytes = mostBytes;
        foreach (var folder in Directory.Exists(path) ? Directory.GetDirectories(path) : [])
        {
            if (!long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var row))
            {
                continue; // somebody else's
            }

            var found = new SpoolFolder(folder);
            if (open.Contains(row))
            {
                _folders[row] = found;
            }
            else
            {
                found.Drop();
            }
        }
    }

    /// <summary>Whether deleted files are kept from now on.</summary>
    public bool IsOn => MostBytes > 0;

    public long MostBytes { get; }

    public int Files => _folders.Count;

    public long DiskBytes => _folders.Sum(folder => folder.Value.DiskBytes);

    /// <summary>Why a deleted file is not kept, or not all of it; null while all are.</summary>
    public string? Trouble => _folders.Values.Select(folder => folder.Fault).FirstOrDefault(fault => fault is not null);

    /// <summary>Whether something is on its way into it.</summary>
    public bool IsCopying => Volatile.Read(ref _copying) > 0;

    /// <summary>Whether another segment has room.</summary>
    public bool HasRoom => DiskBytes + SpoolSegment.MostBytes <= MostBytes;

    /// <summary>Moves aside what belongs to positions that are lost.</summary>
    /// <returns>Where it is now; null when there was none.</returns>
    public static string? MoveAside(string path)
    {
        if (!Directory.Exists(path))
        {
            return null;
        }

        var aside = path + ".corrupt";
        for (var i = 2; Directory.Exists(aside); i++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{path}.corrupt-{i}");
        }

        Directory.Move(path, aside);
        return aside;
    }

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
            SpoolFolder.MakePrivate(_path);
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

    public void Dispose() => _turn.Dispose();
}
