using System.Buffers.Binary;
using System.ComponentModel;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>Waits until something changes in the watched folders, or until it is woken. It watches folders only, never
/// the files in them: then the kernel folds a burst of writes to one file into one event. Made for one waiting
/// thread; any thread may wake it.</summary>
/// <remarks>Where there is no inotify, on other systems or because its instances are used up, it notices nothing and
/// only waits: whoever waits must look for himself now and then, as he does anyway.</remarks>
sealed class ChangeWatch : IDisposable
{
    readonly Inotify? _inotify;
    readonly int _changes = -1;
    readonly int _wake = -1;
    readonly AutoResetEvent? _bell; // in the place of the descriptors, where they are not
    readonly byte[] _woken = new byte[sizeof(ulong)];
    readonly Lock _waking = new();
    bool _isDisposed;

    ChangeWatch(string fault) => (Fault, _bell) = (fault, new(initialState: false));

    ChangeWatch(int changes, int wake)
    {
        (_changes, _wake) = (changes, wake);
        _inotify = new(changes);
    }

    /// <summary>Why no folder can be watched, with the remedy; null when they can.</summary>
    public string? Fault { get; }

    /// <summary>A watch of the best kind that this system has.</summary>
    public static ChangeWatch Create() => OperatingSystem.IsLinux() ? CreateOn(OpenInotify()) : CreateWithoutNotice();

    /// <summary>A watch that notices nothing, as on a system without inotify.</summary>
    public static ChangeWatch CreateWithoutNotice() => new("this system has no inotify");

    /// <summary>A watch on an inotify descriptor, which becomes its own; one that notices nothing where that is less
    /// than 0, with the reason from the last system call.</summary>
    public static ChangeWatch CreateOn(int inotify)
    {
        if (inotify < 0)
        {
            return new($"inotify cannot be used: {new Win32Exception().Message}. Raise "
                + "/proc/sys/fs/inotify/max_user_instances, or the limit of open files");
        }

        var wake = Libc.EventFd(0, Libc.NonBlocking | Libc.CloseOnExec);
        if (wake >= 0)
        {
            return new(inotify, wake);
        }

        var fault = $"no event descriptor could be made: {new Win32Exception().Message}";
        Libc.Close(inotify);
        return new(fault);
    }

    /// <summary>Watches a folder from now on. Watching one again costs nothing and mends what was lost when a folder
    /// was replaced.</summary>
    public bool TryWatch(string folder, out FileFault fault)
    {
        if (_inotify is not null)
        {
            return _inotify.TryWatch(folder, out fault);
        }

        fault = FileFault.NoNotice with { Text = Fault! };
        return false;
    }

    /// <summary>Ends the watching of a folder, under this one of its names. What was not, need not be.</summary>
    public void Unwatch(string folder) => _inotify?.Unwatch(folder);

    /// <summary>Ends the current wait, or the next.</summary>
    public void Wake()
    {
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(one, 1);
        lock (_waking)
        {
            // A sender may be answered after the end: the descriptor's number may be somebody else's by then.
            if (_isDisposed)
            {
                return;
            }

            if (_bell is not null)
            {
                _bell.Set();
            }
            else
            {
                Libc.Write(_wake, one, one.Length);
            }
        }
    }

    /// <summary>Waits for changes, a wake or the time's end.</summary>
    /// <param name="longest">Zero or less looks without waiting.</param>
    /// <param name="minding">False leaves changes for later: only a wake ends the wait then.</param>
    /// <param name="changes">Gets what happened.</param>
    /// <returns>False when changes were lost, or a watched folder went away or elsewhere: everything must be looked
    /// at, and every folder watched again.</returns>
    public bool Wait(TimeSpan longest, bool minding, Changes changes)
    {
        // Rounded up: a wait that ends a fraction early would come straight back.
        var milliseconds = (int)Math.Clamp(Math.Ceiling(longest.TotalMilliseconds), 0, int.MaxValue);
        if (_inotify is null)
        {
            _bell!.WaitOne(milliseconds);
            return true;
        }

        ReadOnlySpan<int> waited = minding ? [_wake, _changes] : [_wake];
        Span<Libc.PollFd> fds = stackalloc Libc.PollFd[waited.Length];
        for (var i = 0; i < fds.Length; i++)
        {
            fds[i] = new() { Fd = waited[i], Events = Libc.PollIn };
        }

        Libc.Poll(fds, (nuint)fds.Length, milliseconds);
        Libc.Read(_wake, _woken, _woken.Length);
        return !minding || _inotify.TakeChanges(changes);
    }

    public void Dispose()
    {
        lock (_waking)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _bell?.Dispose();
            if (_inotify is not null)
            {
                Libc.Close(_changes);
                Libc.Close(_wake);
            }
        }
    }

    static int OpenInotify() => Libc.InotifyInit(Libc.NonBlocking | Libc.CloseOnExec);
}
