using Agent.Discovery;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>Which paths lie on another machine's disks is known without a look at them.</summary>
public sealed class MountsTests
{
    const string Table = """
        1 0 259:1 / / rw,noatime shared:1 - xfs /dev/root rw
        20 1 0:5 / /dev rw shared:2 - devtmpfs devtmpfs rw
        30 1 0:40 / /mnt/nfs rw,relatime shared:3 master:9 - nfs4 server:/export rw
        31 30 259:2 / /mnt/nfs/local rw - ext4 /dev/sdb rw
        32 1 0:41 / /mnt/my\040share\134x rw - cifs //server/share rw
        33 1 0:42 / /mnt/fuse rw - fuse.sshfs user@host: rw
        34 1 0:43 / /sys/fs/fuse/connections rw - fusectl fusectl rw
        35 1 0:44 / /auto rw - autofs systemd-1 rw
        36 35 259:3 / /auto rw - ext4 /dev/sdc rw
        40 1 0:45 / /hidden/below rw - nfs4 server:/export rw
        41 1 259:4 / /hidden rw - ext4 /dev/sdd rw
        torn
        50 1 0:46 /
        """;

    readonly Mounts _mounts = new(Table);

    [Theory]
    [InlineData("/var/log/secure", "/", false)]
    [InlineData("/", "/", false)]
    [InlineData("/mnt/nfs", "/mnt/nfs", true)]
    [InlineData("/mnt/nfs/app/app.log", "/mnt/nfs", true)]
    [InlineData("/mnt/nfs2/app.log", "/", false)]
    [InlineData("/mnt/my share\\x/app.log", "/mnt/my share\\x", true)]
    [InlineData("/mnt/fuse/app.log", "/mnt/fuse", true)]
    [InlineData("/sys/fs/fuse/connections/x", "/sys/fs/fuse/connections", false)]
    [InlineData("/auto/app.log", "/auto", false)]
    [InlineData("/hidden/below/app.log", "/hidden", false)]
    public void APathLiesOnTheMountThatALookAtItWouldReach(string path, string mountPoint, bool isRemote)
    {
        Assert.Equal(mountPoint, _mounts.MountPointOf(path));
        Assert.Equal(isRemote, _mounts.IsRemote(path));
    }

    /// <summary>To look at a file on it, the way leads over the server.</summary>
    [Fact]
    public void ALocalDiskMountedBelowARemoteOneIsReachedOverTheRemoteOne()
    {
        Assert.Equal("/mnt/nfs/local", _mounts.MountPointOf("/mnt/nfs/local/app.log"));
        Assert.True(_mounts.IsRemote("/mnt/nfs/local/app.log"));
    }

    [Fact]
    public void ALinkIsFollowedToWhereItLeads()
    {
        using var folder = new TestFolder();
        File.CreateSymbolicLink(folder["app"], "/mnt/nfs/app");
        File.CreateSymbolicLink(folder["relative"], "./app");
        File.CreateSymbolicLink(folder["loop"], "loop");

        Assert.True(_mounts.IsRemote(folder["app/app.log"]));
        Assert.True(_mounts.IsRemote(folder["relative/app.log"]));
        Assert.True(_mounts.IsRemote(folder["x/../app/app.log"]));
        Assert.False(_mounts.IsRemote(folder["loop/app.log"]));
        Assert.False(_mounts.IsRemote(folder["app.log"]));
    }

    [Theory]
    [InlineData("nfs", true)]
    [InlineData("smb3", true)]
    [InlineData("ceph", true)]
    [InlineData("fuse", true)]
    [InlineData("9p", true)]
    [InlineData("afs", true)]
    [InlineData("fuse.glusterfs", true)]
    [InlineData("lustre", true)]
    [InlineData("virtiofs", true)]
    [InlineData("autofs", true)]
    [InlineData("ext4", false)]
    [InlineData("tmpfs", false)]
    [InlineData("overlay", false)]
    [InlineData("btrfs", false)]
    public void AFileSystemOfAnotherMachineOrAProcessIsRemote(string type, bool isRemote) =>
        Assert.Equal(isRemote, new Mounts($"1 0 0:1 / / rw - {type} source rw").IsRemote("/var/log/secure"));

    [Fact]
    public void WhereNothingIsKnownEverythingIsLocal()
    {
        Assert.False(new Mounts("").IsRemote("/var/log/secure"));
        Assert.Null(new Mounts("").MountPointOf("/var/log/secure"));
    }

    [Fact]
    public void ThisMachinesMountsAreRead()
    {
        Assert.Equal("/proc", Mounts.Read().MountPointOf("/proc/self/mountinfo"));
        Assert.False(Mounts.Read().IsRemote("/proc/self/mountinfo"));
    }
}
