using Agent.Checkpoint;
using Agent.Discovery;
using Agent.Events;
using Agent.Native;
using Agent.Pipeline;
using Agent.Status;

namespace Agent.Commands;

/// <summary>What can be said of an agent that cannot be asked, since it does not run or does not answer: how far it
/// came, by its positions and what lies at its paths now.</summary>
static class UnaskedStatus
{
    /// <exception cref="StateException">The positions cannot be read.</exception>
    public static StatusReport Of(string folder)
    {
        var isTaken = StateFolder.IsTaken(folder);
        var status = isTaken ? StatusReport.Running : StatusReport.Stopped;
        Problem[] problems =
        [
            isTaken
                ? new("vigil", "it runs, but does not answer on its control socket: its journal may say why")
                : new("vigil", "it is not running: start it to go on")
        ];
        return PositionStore.LookInto(folder, store => ReportOf(store, status, folder, problems))
            ?? new(
                status, StatusReporter.Version, folder,
                [new(folder, "no vigil ever ran on this folder; is it the one that --state names?")], [],
                new(0, 0, 0, null));
    }

    static StatusReport ReportOf(PositionStore store, string status, string folder, Problem[] problems) => new(
        status, StatusReporter.Version, folder, problems, SourcesOf(store), StatusReporter.GapsOf(store))
    {
        DeadLetters = StatusReporter.LettersOf(store)
    };

    // Of each path the rows that are not finished, oldest first.
    static List<SourceStatus> SourcesOf(PositionStore store)
    {
        var folders = new Neighbourhood(TimeProvider.System);
        var sources =
            from row in store.ReadPositions()
            group row by (row.SourcePath, row.LogGroup, row.LogStream) into rows
            let files = FilesOf(rows.Key.SourcePath, [.. rows], folders).ToList()
            where files.Count > 0
            select new SourceStatus(
                rows.Key.SourcePath, rows.Key.LogGroup, rows.Key.LogStream, null, files, null);
        return [.. sources];
    }

    static IEnumerable<FileStatus> FilesOf(string path, List<FilePosition> rows, Neighbourhood folders)
    {
        var isThere = FileFacts.TryOf(path, out var now, out _);
        foreach (var row in rows.Where(row => !row.IsFinished))
        {
            if (row.Place is not null)
            {
                yield return new(path, 0, 0, false, row.OffsetBytes, row.OffsetBytes, row.OffsetBytes, null);
                continue;
            }

            var name = isThere && row.Identity == IdentityOf(now) ? path
                : folders.Of(path).WithInode(row.Identity.Inode).Select(one => one.Path).FirstOrDefault();
            var isFound = FileFacts.TryOf(name ?? "", out var facts, out _);
            yield return new(
                name, row.Identity.Device, row.Identity.Inode, name != path,
                isFound ? facts.LengthBytes : row.OffsetBytes, row.OffsetBytes, row.OffsetBytes, null);
        }

        if (isThere && now.IsRegular && !rows.Exists(row => row.Identity == IdentityOf(now)))
        {
            yield return new(path, now.Device, now.Inode, false, now.LengthBytes, 0, 0, null);
        }
    }

    static FileIdentity IdentityOf(FileFacts facts) => new(facts.Device, facts.Inode);
}
