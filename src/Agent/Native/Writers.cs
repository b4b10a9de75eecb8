using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Agent.Native;

/// <summary>Whether anybody can still write to a file that was deleted: it has no name to open it by, so that only
/// those can who have it open.</summary>
static class Writers
{
    const int SetSignal = 10; // F_SETSIG
    const int SetLease = 1024; // F_SETLEASE
    const int ReadLease = 0; // F_RDLCK
    const int NoLease = 2; // F_UNLCK
    const int UrgentData = 23; // SIGURG: ignored unless somebody asks for it, where SIGIO would end the process

    /// <summary>Whether the file was deleted and nobody has it open for writing. False also where that cannot be told:
    /// a lease is given to its owner and to root only, and not by every file system.</summary>
    /// <remarks>The kernel gives a read lease only as long as no process has the file open for writing (fcntl(2),
    /// F_SETLEASE). It is given back at once.</remarks>
    public static bool AreGone(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux() || !FileFacts.TryOf(handle, out var facts, out _) || facts.Links > 0)
        {
            return false;
        }

        var fd = (int)handle.DangerousGetHandle();
        return Control(fd, SetSignal, UrgentData) == 0 && Control(fd, SetLease, ReadLease) == 0
            && Control(fd, SetLease, NoLease) == 0;
    }

    // By its number: the C library's fcntl takes a variable number of arguments.
    static nint Control(int fd, int command, int argument) => Libc.SystemCall(ControlNumber, fd, command, argument);

    static nint ControlNumber => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 72 : 25;
}
