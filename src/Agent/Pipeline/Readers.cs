using Agent.Discovery;

namespace Agent.Pipeline;

/// <summary>Who reads what: local files share a thread, since reading them never waits for long; each remote file
/// system has one of its own.</summary>
static class Readers
{
    const string Local = "/";

    // More remote file systems than this share threads: a host that mounts hundreds has no use for hundreds of them.
    const int MostRemote = 8;

    public static List<Reader> Of(IReadOnlyList<EntryPlan> entries, ReaderRoom room)
    {
        var mounts = Mounts.Read();
        return
        [
            .. entries.GroupBy(entry => NameOf(entry, mounts))
                .Select((group, index) => (group, Index: group.Key == Local ? -1 : index % MostRemote))
                .GroupBy(one => one.Index, one => one.group)
                .Select(shared => new Reader(
                    shared.First().Key, [.. shared.SelectMany(group => group)], room, WatchOf(shared.Key)))
        ];
    }

    // What a remote server's other clients write, inotify does not see: there the files are looked at.
    static ChangeWatch WatchOf(int index) => index < 0 ? ChangeWatch.Create() : ChangeWatch.CreateWithoutNotice();

    static string NameOf(EntryPlan entry, Mounts mounts) =>
        mounts.IsRemote(entry.Files.StaticFolder)
            ? mounts.MountPointOf(entry.Files.StaticFolder) ?? entry.Files.StaticFolder
            : Local;
}
