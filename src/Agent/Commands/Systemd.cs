using System.Diagnostics;

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

    /// <summary>Starts it, now and after each boot. A unit that somebody installed is used as it is.</summary>
    /// <returns>Whether it runs.</returns>
    public async Task<bool> StartAsync(CancellationToken cancel)
    {
        if (await RunAsync(["cat", "--no-pager", places.Unit], cancel, isQuiet: true) != 0)
        {
            Directory.CreateDirectory(places.UnitFolder);
            await File.WriteAllTextAsync(Path.Combine(places.UnitFolder, $"{places.Unit}.service"), Unit(), cancel);
        }

        return await RunAsync(["daemon-reload"], cancel) == 0
            && await RunAsync(["enable", places.Unit], cancel) == 0
            && await RunAsync(["restart", places.Unit], cancel) == 0;
    }

    public async Task<bool> StopAsync(CancellationToken cancel) => await RunAsync(["stop", places.Unit], cancel) == 0;

    /// <summary>Before the package is removed.</summary>
    public async Task ForgetAsync(CancellationToken cancel)
    {
        await RunAsync(["stop", places.Unit], cancel);
        await RunAsync(["disable", places.Unit], cancel);
        await RunAsync(["daemon-reload"], cancel);
        await RunAsync(["reset-failed"], cancel);
    }

    string Unit() =>
        $"""
        [Unit]
        Description=Vigil ships log files to Amazon CloudWatch Logs
        After=network.target

        [Service]
        Type=notify
        ExecStart={Environment.ProcessPath} run --config {places.ConfigFolder} --state {places.StateFolder}
        Restart=on-failure
        RestartSec=10s
        TimeoutStopSec=60s

        [Install]
        WantedBy=multi-user.target

        """;

    static async Task<int> RunAsync(IEnumerable<string> arguments, CancellationToken cancel, bool isQuiet = false)
    {
        using var systemctl = Process.Start(new ProcessStartInfo("systemctl", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = isQuiet,
            RedirectStandardError = isQuiet
        })!;
        if (isQuiet)
        {
            await Task.WhenAll(
                systemctl.StandardOutput.ReadToEndAsync(cancel), systemctl.StandardError.ReadToEndAsync(cancel));
        }

        await systemctl.WaitForExitAsync(cancel);
        return systemctl.ExitCode;
    }
}
