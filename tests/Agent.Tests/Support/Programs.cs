using System.Diagnostics;

namespace Agent.Tests.Support;

/// <summary>Small programs that every Linux has.</summary>
static class Programs
{
    public static string MakePipe(string path)
    {
        Run("mkfifo", path);
        return path;
    }

    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program}: {process.ExitCode}");
    }
}
