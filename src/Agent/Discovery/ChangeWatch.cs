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
    readonly Waker _waker;
    readonly Inotify? _inotify;
    readonly int _changes = -1;
    bool _isDisposed;

    ChangeWatch(string fault, Waker waker) => (Fault, _waker) = (fault, waker);

    ChangeWatch(int changes, Waker waker)
    {
        (_changes, _waker) = (changes, waker);
        _inotify = new(changes);
    }

    /// <summary>Why no folder can be watched, with the remedy; null when they can.</summary>
    public string? Fault { get; }

    /// <summary>A watch of the best kind that this system has.</summary>
    public static ChangeWatch Create() => OperatingSystem.IsLinux() ? CreateOn(OpenInotify()) : CreateWithoutNotice();

    /// <summary>A watch that notices nothing, as on a system without inotify.</summary>
    public static ChangeWatch CreateWithoutNotice() =>
        new("this system has no inotify", Waker.Create());

    /// <summary>A watch on an inotify descriptor, which becomes its own; one that notices nothing where that is less
    /// than 0, with the reason from the last system call.</summary>
    public static ChangeWatch CreateOn(int inotify)
    {
        if (inotify < 0)
        {
            return new(
                $"inotify cannot be used: {new Win32Exception().Message}. Raise "
                + "/proc/sys/fs/inotify/max_user_instances, or the limit of open files", Waker.Create());
        }

        var waker = Waker.Create();
        if (waker.Fault is not { } fault)
        {
            return new(inotify, waker);
        }

        Libc.Close(inotify);
        return new(fault, waker);
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
    public void Wake() => _waker.Wake();

    /// <summary>Waits for changes, a wake or the time's end.</summary>
    /// <param name="longest">Zero or less looks without waiting.</param>
    /// <param name="minding">False leaves changes for later: only a wake ends the wait then.</param>
    /// <param name="changes">Gets what happened.</param>
    /// <returns>False when changes were lost, or a watched folder went away or elsewhere: everything must be looked
    /// at, and every folder watched again.</returns>
    public bool Wait(TimeSpan longest, bool minding, Changes changes)
    {
        _waker.Wait(longest, minding && _inotify is not null ? [_changes] : []);
        return !minding || _inotify is null || _inotify.TakeChanges(changes);
    }

    public void Dispose()
    {
        if (!_isDisposed && _inotify is not null)
        {
            Libc.Close(_changes);
        }

        _isDisposed = true;
        _waker.Dispose();
    }

    static int OpenInotify() => Libc.InotifyInit(Libc.NonBlocking | Libc.CloseOnExec);
}
