using System.Runtime.InteropServices;
using Agent.Discovery;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>Where there is no inotify the agent waits, and says why it cannot be told.</summary>
public sealed class WatchWithoutNoticeTests
{
    const int TooManyFiles = 24; // EMFILE

    [Fact]
    public void NoFolderCanBeWatchedAndThatIsSaid()
    {
        using var folder = new TestFolder();
        using var watch = ChangeWatch.CreateWithoutNotice();

        Assert.False(watch.TryWatch(folder.Root, out var fault));
        Assert.Equal("this system has no inotify", fault.Text);
        Assert.Equal("this system has no inotify", watch.Fault);
        Assert.False(fault.IsAbsent);
        watch.Unwatch(folder.Root);
    }

    [Fact]
    public void UsedUpInstancesAreSaidWithTheRemedyAndTheAgentGoesOn()
    {
        Marshal.SetLastPInvokeError(TooManyFiles);
        using var watch = ChangeWatch.CreateOn(-1);

        Assert.Equal("inotify cannot be used: Too many open files. Raise /proc/sys/fs/inotify/max_user_instances, or "
            + "the limit of open files", watch.Fault);
        Assert.False(watch.TryWatch("/", out var fault));
        Assert.Equal(watch.Fault, fault.Text);
        watch.Wake();
        Assert.True(watch.Wait(TimeSpan.FromMinutes(5), minding: true, new()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnyThreadEndsTheWait(bool minding)
    {
        using var watch = ChangeWatch.CreateWithoutNotice();
        var waiting = Task.Run(() => watch.Wait(TimeSpan.FromMinutes(5), minding, new()));
        watch.Wake();

        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void AWakeBeforeTheWaitEndsItAndOnlyIt()
    {
        using var watch = ChangeWatch.CreateWithoutNotice();
        watch.Wake();
        watch.Wake();

        Assert.True(watch.Wait(TimeSpan.FromMinutes(5), minding: true, new()));
        var began = TimeProvider.System.GetTimestamp();
        watch.Wait(TimeSpan.FromMilliseconds(50), minding: true, new());
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(45));
    }

    [Fact]
    public void AWakeAfterTheEndIsNothing()
    {
        var watch = ChangeWatch.CreateWithoutNotice();
        watch.Dispose();
        watch.Wake();
        watch.Dispose();

        Assert.Equal("this system has no inotify", watch.Fault);
    }
}
