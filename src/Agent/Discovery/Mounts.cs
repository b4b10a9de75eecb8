using System.Text;

namespace Agent.Discovery;

/// <summary>Which file system a path lies on, without a look at the path: on a dead server's mount the look itself
/// would hang. Made from /proc/self/mountinfo, see proc(5); a snapshot, to be made anew now and then.</summary>
sealed class Mounts
{
    const string Table = "/proc/self/mountinfo";
    const int MaxLinks = 40; // as many as the kernel follows
    const int FirstTag = 6; // of a line's optional fields, which a dash ends

    // Files there change without a word to inotify, or a call may wait for another machine or a process; autofs is
    // what lies in the place of such a mount until somebody touches it. FUSE has names by its kinds.
    static readonly HashSet<string> RemoteTypes =
    [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "9p", "afs", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2",
        "gfs2", "virtiofs", "autofs", "coda", "orangefs", "ncpfs", "vboxsf", "prl_fs"
    ];

    readonly ILookup<string, Mount> _mountedOn;
    readonly Mount? _root;

    sealed record Mount(string Id, string Parent, string Point, string Type);

    /// <param name="table">The text of mountinfo.</param>
    public Mounts(string table)
    {
        var mounts = table.Split('\n').Select(TryRead).OfType<Mount>().ToList();
        _mountedOn = mounts.Where(mount => mount.Id != mount.Parent).ToLookup(mount => mount.Parent);
        _root = mounts.FindLast(mount => mount.Point == "/" && !mounts.Exists(other => other.Id == mount.Parent))
            ?? mounts.Find(mount => mount.Point == "/");
    }

    /// <summary>The mounts now. Where the system does not tell, none is known and every path counts as local.</summary>
    public static Mounts Read()
    {
        try
        {
            return new(File.ReadAllText(Table));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("");
        }
    }

    /// <summary>Whether looking at the path may hang, or its changes come without notice. Links on the way are
    /// followed as long as they lie on file systems that answer.</summary>
    /// <param name="path">Absolute. There need not be such a file.</param>
    public bool IsRemote(string path)
    {
        var parts = new Stack<string>(PartsOf(path).Reverse());
        var reached = "/";
        for (var links = 0; links <= MaxLinks;)
        {
            if (IsOnRemote(reached))
            {
                return true;
            }

            if (!parts.TryPop(out var part))
            {
                return false;
            }

            var next = part == ".." ? Path.GetDirectoryName(reached) ?? "/" : Path.Join(reached, part);
            if (IsOnRemote(next) || TargetOf(next) is not { } target)
            {
                reached = next;
                continue;
            }

            links++;
            reached = target.StartsWith('/') ? "/" : reached;
            foreach (var one in PartsOf(target).Reverse())
            {
                parts.Push(one);
            }
        }

        return false;
    }

    /// <summary>Where the file system that a path lies on is mounted; null where that is not known. Links in the path
    /// are not followed.</summary>
    public string? MountPointOf(string path) => Of(path)?.Point;

    bool IsOnRemote(string path) =>
        Of(path) is { } mount && (RemoteTypes.Contains(mount.Type) || mount.Type is "fuse" or "fuseblk"
            || mount.Type.StartsWith("fuse.", StringComparison.Ordinal));

    // Down the tree of mounts as a look at the path goes: of two on one mount the higher one hides the lower one, and
    // one on top of another hides that.
    Mount? Of(string path)
    {
        var at = _root;
        for (var next = at; next is not null;)
        {
            at = next;
            next = _mountedOn[at.Id].Where(mount => IsUnder(path, mount.Point)).MinBy(mount => mount.Point.Length);
        }

        return at;
    }

    static bool IsUnder(string path, string point) =>
        path.StartsWith(point, StringComparison.Ordinal)
        && (path.Length == point.Length || point == "/" || path[point.Length] == '/');

    static IEnumerable<string> PartsOf(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");

    static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static Mount? TryRead(string line)
    {
        var fields = line.Split(' ');
        var dash = fields.Length > FirstTag ? Array.IndexOf(fields, "-", FirstTag) : -1;
        return dash < 0 || dash + 1 >= fields.Length
            ? null
            : new(fields[0], fields[1], Unescape(fields[4]), fields[dash + 1]);
    }

    // A blank, a tab, a line feed and a backslash are written as three octal digits of a byte.
    static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var written = Encoding.UTF8.GetBytes(text);
        var read = new List<byte>(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] == '\\' && i + 3 < written.Length)
            {
                var (first, second, third) = (written[i + 1] - '0', written[i + 2] - '0', written[i + 3] - '0');
                read.Add((byte)((first << 6) | (second << 3) | third));
                i += 3;
            }
            else
            {
                read.Add(written[i]);
            }
        }

        return Encoding.UTF8.GetString([.. read]);
    }
}
