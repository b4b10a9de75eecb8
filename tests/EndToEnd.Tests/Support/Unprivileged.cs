using System.Diagnostics;
using System.Runtime.Versioning;

namespace EndToEnd.Tests.Support;

/// <summary>Runs programs as nobody, who may do nothing but what a folder's owner granted. Only root can.</summary>
[UnsupportedOSPlatform("windows")]
static class Unprivileged
{
    const string Nobody = "65534";

    static readonly string[] Launcher =
        ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--inh-caps=-all"];

    /// <summary>Why it cannot be done here; null when it can.</summary>
    public static string? Obstacle { get; } =
        Environment.UserName != "root" ? "only root can run a program as somebody else"
        : !Tool.IsOnPath("setpriv") ? "there is no setpriv here"
        : !Succeeds(Binary.Path, "--version") ? "nobody may not run the binary where it lies"
        : null;

    /// <summary>Lets nobody into a folder, and gives it the state folder.</summary>
    public static void Admit(TestFolder folder)
    {
        File.SetUnixFileMode(
            Path.GetDirectoryName(folder["state"])!,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(folder["state"]);
        using var chown = Process.Start("chown", [$"{Nobody}:{Nobody}", folder["state"]]);
        chown.WaitForExit();
    }

    public static VigilProcess Start(TestFolder folder, Cloud cloud) =>
        Start(folder, Configuration.Write(folder, cloud.Endpoint));

    /// <param name="config">The path of the configuration.</param>
    public static VigilProcess Start(TestFolder folder, string config) => VigilProcess.StartBy(
        Launcher, "run", "--config", config, "--state", folder["state"]);

    public static bool CanRead(string path) => Succeeds("cat", path);

    static bool Succeeds(string program, string argument)
    {
        var start = new ProcessStartInfo(Launcher[0], [.. Launcher[1..], program, argument])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
