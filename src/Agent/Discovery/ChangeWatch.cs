using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>Waits until something changes in the watched folders, or until it is woken. It watches folders only, never
/// the files in them: then the kernel folds a burst of writes to one file into one event. Made for one waiting
/// thread; any thread may wake it. Source: inotify(7).</summary>
sealed partial class ChangeWatch : IDisposable
{
    const uint Modify = 0x2; // IN_MODIFY
    const uint Attributes = 0x4; // IN_ATTRIB: a file may have become readable
    const uint MovedFrom = 0x40; // IN_MOVED_FROM
    const uint MovedTo = 0x80; // IN_MOVED_TO
    const uint Create = 0x100; // IN_CREATE
    const uint Delete = 0x200; // IN_DELETE
    const uint OnlyFolders = 0x1000000; // IN_ONLYDIR
    const uint Overflow = 0x4000; // IN_Q_OVERFLOW
    const uint Ignored = 0x8000; // IN_IGNORED: the folder is gone

    const int HeaderBytes = 16;
    const int BufferBytes = 64 * 1024;

    readonly int _inotify;
    readonly int _wake;
    readonly Dictionary<int, HashSet<string>> _folders = []; // a folder may be watched under several names
    readonly Lock _waking = new();
    Dictionary<uint, HashSet<string>> _leaving = [];
    Dictionary<uint, HashSet<string>> _left = []; // at the look before
    bool _isDisposed;
    readonly byte[] _buffer = new byte[BufferBytes];

    public ChangeWatch()
    {
        _inotify = Libc.InotifyInit(Libc.NonBlocking | Libc.CloseOnExec);
        if (_inotify < 0)
        {
            throw new IOException(
                $"inotify cannot be used: {new Win32Exception().Message}. Raise "
                + "/proc/sys/fs/inotify/max_user_instances");
        }

        _wake = Libc.EventFd(0, Libc.NonBlocking | Libc.CloseOnExec);
        if (_wake < 0)
        {
            throw new IOException($"no event descriptor could be made: {new Win32Exception().Message}");
        }
    }

    /// <summary>Watches a folder from now on. Watching one again costs nothing and mends what was lost when a folder
    /// was replaced.</summary>
    public bool TryWatch(string folder, out FileFault fault)
    {
        const uint Mask = Modify | Attributes | MovedFrom | MovedTo | Create | Delete | OnlyFolders;
        var watch = Libc.InotifyAddWatch(_inotify, folder, Mask);
        fault = watch < 0 ? FileFault.Of(Marshal.GetLastPInvokeError()) : default;
        if (watch < 0)
        {
            return false;
        }

        if (!_folders.TryGetValue(watch, out var names))
        {
            _folders[watch] = names = [];
        }

        names.Add(folder);
        return true;
    }

    /// <summary>Ends the current wait, or the next.</summary>
    public void Wake()
    {
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(one, 1);
        lock (_waking)
        {
            // A sender may be answered after the end: the descriptor's number may be somebody else's by then.
            if (!_isDisposed)
            {
                Libc.Write(_wake, one, one.Length);
            }
        }
    }

    /// <summary>Waits for changes, a wake or the time's end.</summary>
    /// <param name="longest">Zero or less looks without waiting.</param>
    /// <param name="minding">False leaves changes for later: only a wake ends the wait then.</param>
    /// <param name="changes">Gets what happened.</param>
    /// <returns>False when the kernel lost changes: everything must be looked at.</returns>
    public bool Wait(TimeSpan longest, bool minding, Changes changes)
    {
        ReadOnlySpan<int> waited = minding ? [_wake, _inotify] : [_wake];
        Span<Libc.PollFd> fds = stackalloc Libc.PollFd[waited.Length];
        for (var i = 0; i < fds.Length; i++)
        {
            fds[i] = new() { Fd = waited[i], Events = Libc.PollIn };
        }

        // Rounded up: a wait that ends a fraction early would come straight back.
        var milliseconds = (int)Math.Clamp(Math.Ceiling(longest.TotalMilliseconds), 0, int.MaxValue);
        Libc.Poll(fds, (nuint)fds.Length, milliseconds);
        Libc.Read(_wake, _buffer, sizeof(ulong));
        return !minding || TakeChanges(changes);
    }

    public void Dispose()
    {
        lock (_waking)
        {
            _isDisposed = true;
            Libc.Close(_inotify);
            Libc.Close(_wake);
        }
    }

    bool TakeChanges(Changes changes)
    {
        var isComplete = true;
        while (true)
        {
            var read = (int)Libc.Read(_inotify, _buffer, _buffer.Length);
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

    bool TakeChange(ReadOnlySpan<byte> change, Changes changes)
    {
        var watch = BinaryPrimitives.ReadInt32LittleEndian(change);
        var mask = BinaryPrimitives.ReadUInt32LittleEndian(change[4..]);
        if ((mask & Ignored) != 0)
        {
            _folders.Remove(watch);
        }

        if (_folders.TryGetValue(watch, out var folders) && change.Length > HeaderBytes)
        {
            var name = Encoding.UTF8.GetString(change[HeaderBytes..].TrimEnd((byte)0));
            var cookie = BinaryPrimitives.ReadUInt32LittleEndian(change[8..]);
            foreach (var folder in folders)
            {
                NoteChange(Path.Join(folder, name), mask, cookie, changes);
            }
        }

        return (mask & (Overflow | Ignored)) == 0;
    }

    void NoteChange(string path, uint mask, uint cookie, Changes changes)
    {
        changes.Paths.Add(path);
        if ((mask & MovedFrom) != 0)
        {
            if (!_leaving.TryGetValue(cookie, out var names))
            {
                _leaving[cookie] = names = [];
            }

            names.Add(path);
        }
        else if ((mask & MovedTo) != 0
            && (_leaving.Remove(cookie, out var left) || _left.Remove(cookie, out left)))
        {
            changes.Renames.AddRange(left.Select(from => (from, path)));
        }
    }
}
