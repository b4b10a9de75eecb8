using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Agent.Native;

/// <summary>Memory of the system's own, which the collector neither has nor counts: it is gone as soon as it is
/// disposed of.</summary>
sealed unsafe class SystemMemory : SafeHandle
{
    const int Readable = 1; // PROT_READ
    const int Writable = 2; // PROT_WRITE
    const int OfThisProcess = 2; // MAP_PRIVATE
    const int OfNoFile = 0x20; // MAP_ANONYMOUS
    const nint Failed = -1; // MAP_FAILED

    readonly int _bytes;

    /// <exception cref="Win32Exception">The system has none left.</exception>
    public SystemMemory(int bytes)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _bytes = bytes;
        SetHandle(Take(bytes));
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        if (OperatingSystem.IsLinux())
        {
            return Libc.Unmap(handle, _bytes) == 0;
        }

        NativeMemory.Free((void*)handle);
        return true;
    }

    // malloc would keep what was given back for as long as something behind it is in use.
    static nint Take(int bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (nint)NativeMemory.Alloc((nuint)bytes);
        }

        var start = Libc.Map(0, bytes, Readable | Writable, OfThisProcess | OfNoFile, -1, 0);
        return start != Failed
            ? start
            : throw new Win32Exception(
                $"the system gives no more memory ({Marshal.GetLastPInvokeErrorMessage()}): "
                + "lower vigil.memory_budget_mb, or give the host more");
    }
}
