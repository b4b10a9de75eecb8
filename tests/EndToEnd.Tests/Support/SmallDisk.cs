using System.Diagnostics;
using System.Runtime.Versioning;

namespace EndToEnd.Tests.Support;

/// <summary>A file system of a few mebibytes at a folder. Only root can have one.</summary>
[UnsupportedOSPlatform("windows")]
sealed class SmallDisk : IDisposable
{
    const int FillBytes = 64 * 1024;

    readonly string _folder;
    int _fillers;

    SmallDisk(string folder) => _folder = folder;

    /// <summary>Null where it cannot be made.</summary>
    public static SmallDisk? TryMount(string folder, int mebibytes)
    {
        Directory.CreateDirectory(folder);
        return OperatingSystem.IsLinux() && Tool.IsOnPath("mount")
            && Succeeds("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "none", folder)
            ? new(folder)
            : null;
    }

    /// <summary>Leaves no room at all.</summary>
    public void Fill()
    {
        try
        {
            using var filler = new FileStream(
                Path.Combine(_folder, $"filler-{_fillers++}"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
            while (true)
            {
                filler.Write(new byte[FillBytes]);
            }
        }
        catch (IOException)
        {
            // It is full.
            return;
        }
    }

    public void Free()
    {
        foreach (var filler in Directory.EnumerateFiles(_folder, "filler-*"))
        {
            File.Delete(filler);
        }
    }

    public void Dispose() => Succeeds("umount", "--lazy", _folder);

    static bool Succeeds(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
