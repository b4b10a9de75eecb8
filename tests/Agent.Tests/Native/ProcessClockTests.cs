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
    public void ItGoesOnWithinAMillisecondAndCountsNoLessThanTheSystem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the clock of a process is Linux'");
        using var self = Process.GetCurrentProcess();
        var atLeast = self.TotalProcessorTime.TotalSeconds;
        var before = ProcessClock.Seconds(Environment.ProcessId);
        var began = Stopwatch.GetTimestamp();
        var steps = 0;
        for (var last = before; Stopwatch.GetElapsedTime(began) < TimeSpan.FromMilliseconds(1);)
        {
            var now = ProcessClock.Seconds(Environment.ProcessId);
            (steps, last) = (now > last ? steps + 1 : steps, now);
        }

        Assert.InRange(before, atLeast, double.MaxValue);
        Assert.InRange(steps, 2, int.MaxValue);
    }

    [Fact]
    public void AProcessThatIsNotThereIsNamed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the clock of a process is Linux'");
        Assert.Contains(
            $"process {NoProcess}", Assert.Throws<IOException>(() => ProcessClock.Seconds(NoProcess)).Message,
            StringComparison.Ordinal);
    }
}
