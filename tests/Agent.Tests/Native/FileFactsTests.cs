using System.Globalization;
using Agent.Native;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Native;

/// <summary>What Vigil asks the kernel by number must be what stat(1) says.</summary>
public sealed class FileFactsTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0777", "nobody", false)]
    [InlineData("0777", "root", true)]
    [InlineData("0755", "nobody", true)]
    public void ALinkInAFolderOfOthersLeadsOnlyToItsMakersFiles(string folderMode, string linkOwner, bool isFollowed)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may give files away");
        var secret = _folder.Write("secret", "root's");
        Directory.CreateDirectory(_folder["logs"]);
        Programs.Run("chmod", folderMode, _folder["logs"]);
        File.CreateSymbolicLink(_folder["logs/app.log"], secret);
        Programs.Run("chown", "-h", linkOwner, _folder["logs/app.log"]);

        using var handle = FileOpening.TryOpen(_folder["logs/app.log"], out _, out var fault);

        Assert.Equal(isFollowed, handle is not null);
        Assert.Equal(isFollowed ? default : FileFault.StrangeLink, fault);
    }

    [Fact]
    public void AFileIsDescribedAsStatDescribesIt()
    {
        var path = _folder.Write("log", new byte[12_345]);
        File.CreateSymbolicLink(_folder["link"], path);
        Programs.Run("ln", path, _folder["second"]);

        Assert.True(FileFacts.TryOf(path, out var facts, out _));
        Assert.Equal(Stat(path), (facts.Inode, facts.LengthBytes, facts.Links));
        Assert.Equal(2u, facts.Links);
        Assert.True(facts.IsRegular);
        Assert.True(FileFacts.TryOf(_folder["link"], out var linked, out _));
        Assert.Equal(facts, linked);
        using var handle = File.OpenHandle(path);
        Assert.True(FileFacts.TryOf(handle, out var opened, out _));
        Assert.Equal(facts, opened);
    }

    [Fact]
    public void ADeviceNumberHoldsMajorAndMinor()
    {
        var numbers = Programs.Run("stat", "-c", "%Hd %Ld", _folder.Root).Split(' ');

        Assert.True(FileFacts.TryOf(_folder.Root, out var facts, out _));
        Assert.Equal((ulong.Parse(numbers[0], CultureInfo.InvariantCulture) << 32)
            | ulong.Parse(numbers[1], CultureInfo.InvariantCulture), facts.Device);
    }

    [Fact]
    public void AFileBearsTheTimesThatStatSays()
    {
        var path = _folder.Write("log", "x");
        Programs.Run("touch", "-d", "2026-11-22T10:11:12.1234567Z", path);
        var born = long.Parse(Programs.Run("stat", "-c", "%W", path), CultureInfo.InvariantCulture);

        Assert.True(FileFacts.TryOf(path, out var facts, out _));
        Assert.Equal(
            new DateTimeOffset(2026, 11, 22, 10, 11, 12, TimeSpan.Zero).AddTicks(1_234_567), facts.Modified);
        Assert.Equal(born, facts.Born?.ToUnixTimeSeconds() ?? 0);
    }

    /// <summary>Whoever owns a file sets its time.</summary>
    [Theory]
    [InlineData("@300000000000", 9999)]
    [InlineData("@-300000000000", 1)]
    public void ATimeThatNoCalendarHoldsIsNoHarm(string time, int year)
    {
        var path = Path.Combine("/dev/shm", Path.GetFileName(_folder.Root));
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "only a file system in memory keeps such a time");
        File.WriteAllBytes(path, []);
        Programs.Run("touch", "-d", time, path);
        var isFound = FileFacts.TryOf(path, out var facts, out _);
        File.Delete(path);

        Assert.True(isFound);
        Assert.Equal(year, facts.Modified.Year);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/tmp")]
    public void WhatIsNoRegularFileSaysSo(string path)
    {
        Assert.True(FileFacts.TryOf(path, out var facts, out _));
        Assert.False(facts.IsRegular);
        Assert.Equal(Directory.Exists(path), facts.IsFolder);
    }

    [Fact]
    public void AnOpenFileIsNamedByWhereItIsNow()
    {
        var path = _folder.Write("log", "x");
        using var handle = FileOpening.TryOpen(path, out _, out _)!;
        Assert.Equal(path, FileOpening.PathOf(handle));

        File.Move(path, _folder["log.1"]);
        Assert.Equal(_folder["log.1"], FileOpening.PathOf(handle));

        File.Delete(_folder["log.1"]);
        Assert.Null(FileOpening.PathOf(handle));
        Assert.True(FileFacts.TryOf(handle, out var facts, out _));
        Assert.Equal(0u, facts.Links);
    }

    static (ulong, long, uint) Stat(string path)
    {
        var fields = Programs.Run("stat", "-c", "%i %s %h", path).Split(' ');
        return (
            ulong.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture),
            uint.Parse(fields[2], CultureInfo.InvariantCulture));
    }
}
