using Agent.Checkpoint;
using Agent.Events;
using Agent.Native;
using Agent.Pipeline;
using Agent.Status;

namespace Agent.Commands;

/// <summary>What can be said of an agent that does not run: how far it came, by its positions.</summary>
static class StoppedStatus
{
    /// <exception cref="StateException">The positions cannot be read.</exception>
    public static StatusReport Of(string folder)
    {
        using var store = PositionStore.OpenToRead(folder);
        if (store is null)
        {
            return new(
                StatusReport.Stopped, StatusReporter.Version, folder,
                [new(folder, "no vigil ever ran on this folder; is it the one that --state names?")], [],
                new(0, 0, null));
        }

        var (count, knownBytes, last) = store.SummarizeGaps();
        return new(
            StatusReport.Stopped, StatusReporter.Version, folder,
            [new("vigil", "it is not running: start it to go on")],
            [
                .. store.ReadPositions().Where(row => !row.IsFinished)
                    .GroupBy(row => (row.SourcePath, row.LogGroup, row.LogStream))
                    .Select(rows => new SourceStatus(
                        rows.Key.SourcePath, rows.Key.LogGroup, rows.Key.LogStream, null, [.. rows.Select(Of)], null))
            ],
            new(count, knownBytes, last));
    }

    static FileStatus Of(FilePosition row)
    {
        var isThere = FileFacts.TryOf(row.SourcePath, out var facts, out _)
            && new FileIdentity(facts.Device, facts.Inode) == row.Identity;
        return new(
            isThere ? row.SourcePath : null, row.Identity.Device, row.Identity.Inode, !isThere,
            isThere ? facts.LengthBytes : row.OffsetBytes, row.OffsetBytes, row.OffsetBytes, null);
    }
}
