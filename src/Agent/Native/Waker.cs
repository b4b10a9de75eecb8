using System.Buffers.Binary;
using System.ComponentModel;

namespace Agent.Native;

/// <summary>Waits until something can be read, or until it is woken. Made for one waiting thread; any thread may wake
/// it.</summary>
/// <remarks>Where there are no event descriptors it waits for a wake alone.</remarks>
sealed class Waker : IDisposable
{
    readonly int _wake = -1;
    readonly AutoResetEvent? _bell; // in the place of the descriptor, where there is none
    readonly byte[] _woken = new byte[sizeof(ulong)];
    readonly Lock _waking = new();
    bool _isDisposed;

    Waker(int wake) => _wake = wake;

    Waker(string fault) => (Fault, _bell) = (fault, new(initialState: false));

    /// <summary>Why it waits for a wake alone; null where it does not.</summary>
    public string? Fault { get; }

    /// <summary>One of the best kind that this system has.</summary>
    public static Waker Create()
    {
        if (!OperatingSystem.IsLinux())
        {
            return new("this system has no event descriptors");
        }

        var wake = Libc.EventFd(0, Libc.NonBlocking | Libc.CloseOnExec);
        return wake >= 0 ? new(wake) : new($"no event descriptor could be made: {new Win32Exception().Message}");
    }

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

    /// <summary>Waits for a wake, for one of the descriptors to become readable, or for the time's end.</summary>
    /// <param name="longest">Zero or less looks without waiting.</param>
    public void Wait(TimeSpan longest, params ReadOnlySpan<int> descriptors)
    {
        // Rounded up: a wait that ends a fraction early would come straight back.
        var milliseconds = (int)Math.Clamp(Math.Ceiling(longest.TotalMilliseconds), 0, int.MaxValue);
        if (_bell is not null)
        {
            _bell.WaitOne(milliseconds);
            return;
        }

        Span<Libc.PollFd> fds = stackalloc Libc.PollFd[descriptors.Length + 1];
        fds[0] = new() { Fd = _wake, Events = Libc.PollIn };
        for (var i = 0; i < descriptors.Length; i++)
        {
            fds[i + 1] = new() { Fd = descriptors[i], Events = Libc.PollIn };
        }

        Libc.Poll(fds, (nuint)fds.Length, milliseconds);
        Libc.Read(_wake, _woken, _woken.Length);
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
            if (_bell is null)
            {
                Libc.Close(_wake);
            }
        }
    }
}
