using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Agent.Native;

/// <summary>Opens what a path names for reading, without ever waiting for it: a pipe or a device that someone put in
/// the place of a log must neither block the reader nor become its terminal. Only regular files are taken.</summary>
static class FileOpening
{
    const int Flags = Libc.ReadOnly | Libc.NonBlocking | Libc.NoTerminal | Libc.CloseOnExec;

    /// <summary>Whether links are followed wherever they lead. For the process as a whole, set before anything is
    /// opened: it says what the agent's privileges may be used for.</summary>
    public static bool FollowsAnyLink { get; set; }

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

    // Who may write to a log's folder, or to one above it, could put a link to /etc there, and have a privileged reader
    // ship what is in it. There a symbolic link is followed only to a file of the one who made it, and of a file with
    // several names only one of the folder's owner is taken, never one of root's.
    static bool IsLedAstray(string path, FileFacts target)
    {
        if (FollowsAnyLink)
        {
            return false;
        }

        var whole = Path.GetFullPath(path);
        for (var part = whole; part is not null; part = Path.GetDirectoryName(part))
        {
            if (FileFacts.TryOfLink(part, out var named) && named.IsLink && named.Owner != target.Owner
                && IsOpenToOthers(part, out _))
            {
                return true;
            }
        }

        return target.Links > 1 && IsOpenToOthers(whole, out var owner) && (owner == 0 || owner != target.Owner);
    }

    // A folder that cannot be looked at is taken for the worst.
    static bool IsOpenToOthers(string path, out uint owner)
    {
        owner = 0;
        if (Path.GetDirectoryName(path) is not { } parent || !FileFacts.TryOf(parent, out var folder, out _))
        {
            return true;
        }

        owner = folder.Owner;
        return folder.IsOpenToOthers;
    }

    /// <summary>The path an open file has now, also after it was renamed; null where the kernel does not say, or
    /// once it was deleted.</summary>
    public static string? PathOf(SafeFileHandle handle)
    {
        var link = new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;
        return link is null || link.EndsWith(" (deleted)", StringComparison.Ordinal) ? null : link;
    }
}
