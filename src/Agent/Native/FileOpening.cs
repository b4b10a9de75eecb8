using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Agent.Native;

/// <summary>Opens what a path names for reading, without ever waiting for it: a pipe or a device that someone put in
/// the place of a log must neither block the reader nor become its terminal. Only regular files are taken.</summary>
static class FileOpening
{
    const int Flags = Libc.ReadOnly | Libc.NonBlocking | Libc.NoTerminal | Libc.CloseOnExec;

    /// <summary>The handle, or null with the reason.</summary>
    public static SafeFileHandle? TryOpen(string path, out FileFacts facts, out FileFault fault)
    {
        facts = default;
        var fd = Libc.Open(path, Flags);
        if (fd < 0)
        {
            fault = FileFault.Of(Marshal.GetLastPInvokeError());
            return null;
        }

        var handle = new SafeFileHandle(fd, ownsHandle: true);
        if (FileFacts.TryOf(handle, out facts, out fault))
        {
            if (facts.IsRegular && !IsLedAstray(path, facts))
            {
                return handle;
            }

            fault = facts.IsRegular ? FileFault.StrangeLink : FileFault.NotRegular;
        }

        handle.Dispose();
        return null;
    }

    // Who may write to a log's folder could put a link to /etc/shadow there, and have a privileged reader ship it.
    // There a link is followed only to a file of the one who made it.
    static bool IsLedAstray(string path, FileFacts target) =>
        FileFacts.TryOfLink(path, out var link) && link.IsLink && link.Owner != target.Owner
        && (!FileFacts.TryOf(Path.GetDirectoryName(Path.GetFullPath(path))!, out var folder, out _)
            || folder.IsOpenToOthers);

    /// <summary>The path an open file has now, also after it was renamed; null where the kernel does not say, or
    /// once it was deleted.</summary>
    public static string? PathOf(SafeFileHandle handle)
    {
        var link = new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;
        return link is null || link.EndsWith(" (deleted)", StringComparison.Ordinal) ? null : link;
    }
}
