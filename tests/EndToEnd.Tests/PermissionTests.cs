using System.Runtime.Versioning;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>An agent that is not root, and files it may not read yet.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PermissionTests : IDisposable
{
    const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;

    readonly TestFolder _folder = new();

    [Fact]
    public async Task AFileThatMayNotBeReadIsSaidOnceAndReadFromItsFirstByteWhenItMay()
    {
        Assert.SkipUnless(Unprivileged.Obstacle is null, Unprivileged.Obstacle ?? "");
        Unprivileged.Admit(_folder);
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        File.SetUnixFileMode(_folder["secure"], UnixFileMode.None);
        Assert.False(Unprivileged.CanRead(_folder["secure"]));
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Unprivileged.Start(_folder, cloud);
        await vigil.SaysAsync("Permission denied");

        // Each makes it look again.
        for (var look = 0; look < 5; look++)
        {
            log.Append(100);
            await vigil.ReadsNoMoreAsync();
        }

        File.SetUnixFileMode(_folder["secure"], ForAll);
        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Equal(2, vigil.Output.Split("Permission denied").Length);
    }

    [Fact]
    public async Task APermissionThatIsTakenAwayIsSaidThoughTheOpenFileIsReadOn()
    {
        Assert.SkipUnless(Unprivileged.Obstacle is null, Unprivileged.Obstacle ?? "");
        Unprivileged.Admit(_folder);
        using var log = new SecureLog(_folder["secure"]);
        File.SetUnixFileMode(_folder["secure"], ForAll);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Unprivileged.Start(_folder, cloud);
        log.Append(10);
        await Shipping.EndsInAsync(cloud, 9, vigil);
        File.SetUnixFileMode(_folder["secure"], UnixFileMode.UserRead);
        await StatusSaysAsync("could not be opened again: Permission denied: the user");

        log.Append(10);
        await Shipping.EndsInAsync(cloud, 19, vigil);
        File.SetUnixFileMode(_folder["secure"], ForAll);
        await StatusSaysAsync("all is well");
    }

    [Fact]
    public async Task AFileThatLogrotateMadeUnreadableIsReadFromItsFirstByteWhenItMay()
    {
        Assert.SkipUnless(Unprivileged.Obstacle is null, Unprivileged.Obstacle ?? "");
        Unprivileged.Admit(_folder);
        using var log = new SecureLog(_folder["secure"]);
        File.SetUnixFileMode(_folder["secure"], ForAll);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Unprivileged.Start(_folder, cloud);
        log.Append(100);
        await Shipping.EndsInAsync(cloud, 99, vigil);
        log.Append(100);
        log.Rename(_folder["secure.1"]);
        File.SetUnixFileMode(_folder["secure"], UnixFileMode.None);
        Assert.False(Unprivileged.CanRead(_folder["secure"]));
        log.Append(100);
        await vigil.SaysAsync("Permission denied");
        await Shipping.EndsInAsync(cloud, 199, vigil);

        File.SetUnixFileMode(_folder["secure"], ForAll);
        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Equal(0, await vigil.StopAsync());
        Assert.Empty(State.Gaps(_folder));
    }

    Task StatusSaysAsync(string text)
    {
        var last = "";
        return Wait.UntilAsync(
            async () =>
            {
                (_, last) = await VigilProcess.RunAsync("status", "--state", _folder["state"]);
                return last.Contains(text, StringComparison.Ordinal);
            },
            () => $"the status never said \"{text}\", but last:\n{last}");
    }

    public void Dispose() => _folder.Dispose();
}
