using System.ComponentModel;
using System.Runtime.InteropServices;
using Agent.Native;
using Xunit;

namespace Agent.Tests.Native;

/// <summary>Memory that is the system's own. Others would be given what was let go of at once.</summary>
[Collection("alone")]
public sealed class SystemMemoryTests
{
    const int Bytes = 1 << 20;

    [Fact]
    public void AllOfItMayBeWrittenAndItIsGoneWhenItIsDisposedOf()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere nothing tells what a process has");
        var memory = new SystemMemory(Bytes);
        var start = memory.DangerousGetHandle();
        Marshal.Copy(new byte[Bytes], 0, start, Bytes);
        Assert.True(IsMapped(start));

        memory.Dispose();

        Assert.False(IsMapped(start));
    }

    [Fact]
    public void ASystemThatHasNoneSaysWhatCanBeDone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mmap is Linux'");
        Assert.Contains(
            "lower vigil.memory_budget_mb", Assert.Throws<Win32Exception>(() => new SystemMemory(-1)).Message,
            StringComparison.Ordinal);
    }

    static bool IsMapped(nint start) => File.ReadLines("/proc/self/maps").Any(line =>
        line.Split(' ')[0].Split('-') is [var from, var to]
        && Convert.ToInt64(from, 16) <= start && start < Convert.ToInt64(to, 16));
}
