using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>The kernel's notice of what happens in folders. One thread's. Source: inotify(7).</summary>
sealed class Inotify(int descriptor)
{
    const uint Modify = 0x2; // IN_MODIFY
    const uint Attributes = 0x4; // IN_ATTRIB: a file may have become readable
    const uint MovedFrom = 0x40; // IN_MOVED_FROM
    const uint MovedTo = 0x80; // IN_MOVED_TO
    const uint Create = 0x100; // IN_CREATE
    const uint Delete = 0x200; // IN_DELETE
    const uint MovedItself = 0x800; // IN_MOVE_SELF: the folder has another name now
    const uint OnlyFolders = 0x1000000; // IN_ONLYDIR
    const uint Overflow = 0x4000; // IN_Q_OVERFLOW
    const uint Ignored = 0x8000; // IN_IGNORED: the folder is gone
    const uint Folder = 0x40000000; // IN_ISDIR: it happened to a folder

    const int HeaderBytes = 16;
    const int BufferBytes = 64 * 1024;

    readonly Dictionary<int, HashSet<string>> _folders = []; // a folder may be watched under several names
    readonly Dictionary<string, int> _watches = new(StringComparer.Ordinal);
    readonly EventPaths _paths = new();
    readonly byte[] _buffer = new byte[BufferBytes];
    Dictionary<uint, string[]> _leaving = [];
    Dictionary<uint, string[]> _left = []; // at the look before

    public bool TryWatch(string folder, out FileFault fault)
    {
        const uint Mask = Modify | Attributes | MovedFrom | MovedTo | Create | Delete | MovedItself | OnlyFolders;
        var watch = Libc.InotifyAddWatch(descriptor, folder, Mask);
        fault = watch < 0 ? Refusal(Marshal.GetLastPInvokeError()) : default;
        if (watch < 0)
        {
            return false;
        }

        if (_watches.TryGetValue(folder, out var before) && before != watch)
        {
            // Another folder has the name by now.
            Unwatch(folder);
        }

        if (!_folders.TryGetValue(watch, out var names))
        {
            _folders[watch] = names = new(StringComparer.Ordinal);
        }

        if (names.Add(folder))
        {
            _watches[folder] = watch;
            _paths.Clear();
        }

        return true;
    }

    public void Unwatch(string folder)
    {
        if (!_watches.Remove(folder, out var watch))
        {
            return;
        }

        var names = _folders[watch];
        names.Remove(folder);
        _paths.Clear();
        if (names.Count == 0)
        {
            _folders.Remove(watch);
            Libc.InotifyRemoveWatch(descriptor, watch);
        }
    }

    /// <summary>Takes all that happened so far.</summary>
    /// <returns>False when the kernel lost changes, or a watched folder itself.</returns>
    public bool TakeChanges(Changes changes)
    {
        var isComplete = true;
        while (true)
        {
            var read = (int)Libc.Read(descriptor, _buffer, _buffer.Length);
            if (read <= 0)
            {
                // The other half of a rename follows at once, if it comes at all: one look later it is given up.
                _left = _leaving;
                _leaving = [];
                return isComplete;
            }

            for (var events = _buffer.AsSpan(0, read); !events.IsEmpty;)
            {
                var nameBytes = (int)BinaryPrimitives.ReadUInt32LittleEndian(events[12..]);
                isComplete &= TakeChange(events[..(HeaderBytes + nameBytes)], changes);
                events = events[(HeaderBytes + nameBytes)..];
            }
        }
    }

    /// <summary>Why a folder could not be watched, with the remedy where there is one.</summary>
    public static FileFault Refusal(int errno) => errno == Libc.NoSpace
        ? new(errno, "no more folders may be watched; raise /proc/sys/fs/inotify/max_user_watches")
        : FileFault.Of(errno);

    bool TakeChange(ReadOnlySpan<byte> change, Changes changes)
    {
        var watch = BinaryPrimitives.ReadInt32LittleEndian(change);
        var mask = BinaryPrimitives.ReadUInt32LittleEndian(change[4..]);
        if ((mask & Overflow) != 0)
        {
            return false;
        }

        // A folder that nobody watches any more was given up by us.
        if (!_folders.TryGetValue(watch, out var folders))
        {
            return true;
        }

        if ((mask & (Ignored | MovedItself)) != 0)
        {
            changes.HasFolderChanges = true;
            foreach (var folder in folders.ToList())
            {
                Unwatch(folder);
            }

            return false;
        }

        changes.HasFolderChanges |= (mask & Folder) != 0;
        if (change.Length > HeaderBytes)
        {
            var cookie = BinaryPrimitives.ReadUInt32LittleEndian(change[8..]);
            Note(_paths.Of(watch, change[HeaderBytes..].TrimEnd((byte)0), folders), mask, cookie, changes);
        }

        return true;
    }

    void Note(string[] paths, uint mask, uint cookie, Changes changes)
    {
        foreach (var path in paths)
        {
            changes.Paths.Add(path);
        }

        if ((mask & (Create | MovedTo)) != 0)
        {
            changes.Arrived.UnionWith(paths);
        }

        if ((mask & MovedFrom) != 0)
        {
            _leaving[cookie] = paths;
        }
        else if ((mask & MovedTo) != 0
            && (_leaving.Remove(cookie, out var left) || _left.Remove(cookie, out left)))
        {
            NoteRenames(left, paths, changes);
        }
    }

    static void NoteRenames(string[] left, string[] paths, Changes changes) =>
        changes.Renames.AddRange(left.SelectMany(from => paths, (from, to) => (from, to)));
}
