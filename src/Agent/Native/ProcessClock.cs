using System.Runtime.InteropServices;

namespace Agent.Native;

/// <summary>What a process took of the processors, to the nanosecond: /proc counts it in hundredths of a second, and a
/// quiet one takes less than that in half a minute.</summary>
static partial class ProcessClock
{
    /// <param name="processId">Linux only.</param>
    /// <returns>The time of all its threads, those that have ended too, in seconds.</returns>
    /// <exception cref="IOException">There is no such process.</exception>
    public static double Seconds(int processId)
    {
        var error = GetCpuClock(processId, out var clock);
        if (error != 0)
        {
            throw new IOException($"process {processId}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        return GetClock(clock, out var time) == 0
            ? time.Seconds + (time.Nanoseconds / 1e9)
            : throw new IOException($"process {processId}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")] // returns the error itself
    private static partial int GetCpuClock(int processId, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetClock(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
