using System.Diagnostics;
using Agent.Native;

namespace Agent.Commands;

/// <summary>The agent as a service of systemd.</summary>
sealed class Systemd(CtlPlaces places)
{
    /// <summary>Whether systemd runs this machine, and what is managed is this machine's. Source:
    /// sd_booted(3).</summary>
    public bool IsThere => places.IsThisSystem && Directory.Exists("/run/systemd/system");

    /// <summary>Whether the service runs.</summary>
    public async Task<bool> IsActiveAsync(CancellationToken cancel) =>
        await RunAsync(["is-active", "--quiet", places.Unit], cancel) == 0;

    /// <summary>The first of some services that runs; null where none does.</summary>
    public async Task<string?> IsActiveAsync(IEnumerable<string> units, CancellationToken cancel)
    {
        foreach (var unit in IsThere ? units : [])
        {
            if (await RunAsync(["is-active", "--quiet", unit], cancel) == 0)
            {
                return unit;
            }
        }

        return null;
    }

    /// <summary>Starts it, now and after each boot. A unit that somebody installed for this program is used as it
    /// is.</summary>
    /// <returns>Whether it runs.</returns>
    /// <exception cref="UsageException">The service of this name is another program's.</exception>
    public async Task<bool> StartAsync(CancellationToken cancel)
    {
        var (exitCode, text) = await AskAsync(["cat", "--no-pager", places.Unit], cancel);
        var started = text.Split('\n').Where(line => line.StartsWith("ExecStart=", StringComparison.Ordinal)).ToList();
        if (exitCode == 0 && !started.Exists(line => line.Contains("vigil", StringComparison.Ordinal)))
        {
            throw new UsageException(
                $"the service {places.Unit} is another program's: remove that package first, or use vigil ctl, whose "
                + "service is vigil");
        }

        if (!started.Exists(line => line.Contains(Environment.ProcessPath!, StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(places.UnitFolder);
            var path = Path.Combine(places.UnitFolder, $"{places.Unit}.service");
            await File.WriteAllTextAsync(path + ".new", Unit(), cancel);
            File.Move(path + ".new", path, overwrite: true);
        }

        return await RunAsync(["daemon-reload"], cancel) == 0
            && await RunAsync(["enable", places.Unit], cancel) == 0
            && await RunAsync(["restart", places.Unit], cancel) == 0;
    }

    public async Task<bool> StopAsync(CancellationToken cancel) => await RunAsync(["stop", places.Unit], cancel) == 0;

    /// <summary>Whether there is such a service or not.</summary>
    public Task StopQuietlyAsync(CancellationToken cancel) => AskAsync(["stop", places.Unit], cancel);

    /// <summary>Before the package is removed.</summary>
    public async Task ForgetAsync(CancellationToken cancel)
    {
        await RunAsync(["stop", places.Unit], cancel);
        await RunAsync(["disable", places.Unit], cancel);
        await RunAsync(["daemon-reload"], cancel);
        await RunAsync(["reset-failed"], cancel);
    }

    string Unit()
    {
        var program = Quoted(Environment.ProcessPath!);
        var (config, state) = (Quoted(places.ConfigFolder), Quoted(places.StateFolder));
        return $"""
        [Unit]
        Description=Vigil ships log files to Amazon CloudWatch Logs
        After=network.target

        [Service]
        Type=notify
        ExecStart={program} run --config {config} --state {state}
        ExecReload={program} reload --state {state}
        Restart=on-failure
        RestartSec=10s
        TimeoutStopSec=60s

        [Install]
        WantedBy=multi-user.target

        """;
    }

    // Source: systemd.service(5), "Command lines", and systemd.unit(5), "Specifiers".
    static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal)
        ? $"\"{path.Replace("%", "%%", StringComparison.Ordinal)}\""
        : path.Replace("%", "%%", StringComparison.Ordinal);

    static async Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var systemctl = Process.Start(
            new ProcessStartInfo(SystemProgram.PathOf("systemctl"), arguments) { UseShellExecute = false })!;
        await systemctl.WaitForExitAsync(cancel);
        return systemctl.ExitCode;
    }

    static async Task<(int ExitCode, string Text)> AskAsync(IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var systemctl = Process.Start(new ProcessStartInfo(SystemProgram.PathOf("systemctl"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!;
        var said = await Task.WhenAll(
            systemctl.StandardOutput.ReadToEndAsync(cancel), systemctl.StandardError.ReadToEndAsync(cancel));
        await systemctl.WaitForExitAsync(cancel);
        return (systemctl.ExitCode, said[0]);
    }
}
