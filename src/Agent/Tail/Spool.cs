using System.Collections.Concurrent;
using System.Globalization;
using Agent.Events;

namespace Agent.Tail;

/// <summary>What is kept of files that were deleted before they were delivered: without it they live by the handle
/// that is open, and a restart would lose them. A folder for each row of the positions. Any thread may call.</summary>
sealed class Spool
{
    readonly ConcurrentDictionary<long, SpoolFolder> _folders = [];
    readonly ConcurrentDictionary<long, string> _faults = [];
    readonly string _path;
    readonly long _mostBytes;

    /// <param name="path">Of all folders; made when the first is.</param>
    /// <param name="mostBytes">On disk. 0 keeps nothing new; what is there is read all the same.</param>
    /// <param name="openRows">Those of which something is to be delivered: of others nothing is kept.</param>
    public Spool(string path, long mostBytes, IEnumerable<long> openRows)
    {
        var open = openRows.ToHashSet();
        _path = path;
        _mostBytes = mostBytes;
        foreach (var folder in Directory.Exists(path) ? Directory.GetDirectories(path) : [])
        {
            if (!long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var row))
            {
                continue; // somebody else's
            }

            var opened = SpoolFolder.Open(folder);
            if (open.Contains(row))
            {
                _folders[row] = opened;
            }
            else
            {
                opened.Drop();
            }
        }
    }

    /// <summary>Whether deleted files are kept from now on.</summary>
    public bool IsOn => _mostBytes > 0;

    public long MostBytes => _mostBytes;

    public int Files => _folders.Count;

    public long DiskBytes => _folders.Sum(folder => folder.Value.DiskBytes);

    /// <summary>Why deleted files are not kept; null while they are.</summary>
    public string? Trouble => MayGrow ? _faults.Values.FirstOrDefault() : "it is full";

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

    /// <summary>Begins to keep a row's file.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public SpoolFolder Begin(long rowId)
    {
        SpoolFolder.MakePrivate(_path);
        return _folders.GetOrAdd(
            rowId, id => SpoolFolder.Open(Path.Combine(_path, id.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>Whether another segment may be kept.</summary>
    public bool MayGrow => !IsOn || DiskBytes + SpoolSegment.MostBytes <= _mostBytes;

    /// <summary>Why a row's file cannot be kept; null once it can.</summary>
    public void NoteFault(long rowId, string? fault)
    {
        if (fault is null)
        {
            _faults.TryRemove(rowId, out _);
        }
        else
        {
            _faults[rowId] = fault;
        }
    }

    /// <summary>Lets go of what is delivered, once the positions that say so are on disk.</summary>
    public void NoteCommitted(IReadOnlyCollection<FilePosition> positions)
    {
        if (_folders.IsEmpty && _faults.IsEmpty)
        {
            return;
        }

        foreach (var position in positions)
        {
            if (position.IsFinished)
            {
                NoteFault(position.Id, null);
            }

            if (position.IsFinished && _folders.TryRemove(position.Id, out var finished))
            {
                finished.Drop();
            }
            else if (_folders.TryGetValue(position.Id, out var folder))
            {
                // What stands right before the position tells that it is the same file.
                folder.DropBefore(position.OffsetBytes - position.Anchor.LengthBytes);
            }
        }
    }
}
