using System.ComponentModel;
using System.Diagnostics;
using Agent.Native;
using Xunit;

namespace Agent.Tests.Native;

/// <summary>What a quiet process takes is told apart from nothing.</summary>
public sealed class ProcessClockTests
{
    // The kernel gives out smaller ones only.
    const int NoProcess = 1 << 22;

    [Fact]
    public void AMillisecondOfWorkIsSeenAndNoLessThanTheSystemCounts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the clock of a process is Linux'");
        using var self = Process.GetCurrentProcess();
        var atLeast = self.TotalProcessorTime.TotalSeconds;
        var before = ProcessClock.Seconds(Environment.ProcessId);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromMilliseconds(1))
        {
            // works
        }

        Assert.InRange(before, atLeast, double.MaxValue);
        Assert.InRange(ProcessClock.Seconds(Environment.ProcessId) - before, 1e-7, double.MaxValue);
    }

    [Fact]
    public void AProcessThatIsNotThereIsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the clock of a process is Linux'");
        Assert.Contains(
            $"process {NoProcess}", Assert.Throws<Win32Exception>(() => ProcessClock.Seconds(NoProcess)).Message,
            StringComparison.Ordinal);
    }
}
