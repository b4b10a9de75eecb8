using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Deals the positions of the last run out to the configured sources. Where the log group or log stream of a
/// known file was changed, reading goes on where it stood: to send the whole file again to the new name is not what
/// renaming means.</summary>
/// <param name="nextId">Gives out keys for new rows.</param>
sealed partial class KnownPositions(
    IReadOnlyList<FilePosition> positions, IReadOnlyList<SourcePlan> sources, Func<long> nextId, ILogger log)
{
    readonly ILogger _log = log;
    readonly HashSet<long> _claimed = [];

    public IReadOnlyList<FilePosition> Of(SourcePlan source)
    {
        var own = positions.Where(position => IsOf(position, source)).ToList();
        if (own.Count > 0)
        {
            return own;
        }

        var orphans = positions
            .Where(position => position.SourcePath == source.Path && !sources.Any(other => IsOf(position, other)))
            .ToList();
        if (orphans.Count == 0)
        {
            return [];
        }

        // The destination of the row that changed last is the one that was renamed.
        var renamed = orphans.MaxBy(position => position.LastStamp)!;
        LogRenamed(source.Path, renamed.LogGroup, renamed.LogStream, source.LogGroup, source.LogStream);
        return orphans
            .Where(position => (position.LogGroup, position.LogStream) == (renamed.LogGroup, renamed.LogStream))
            .Select(position => position with
            {
                // One name may have become two: each goes on with a row of its own.
                Id = _claimed.Add(position.Id) ? position.Id : nextId(),
                LogGroup = source.LogGroup,
                LogStream = source.LogStream
            })
            .ToList();
    }

    static bool IsOf(FilePosition position, SourcePlan source) =>
        position.SourcePath == source.Path && position.LogGroup == source.LogGroup
        && position.LogStream == source.LogStream;

    [LoggerMessage(110, LogLevel.Information,
        "{Path}: was shipped to {OldGroup}/{OldStream}, goes on where it stood to {NewGroup}/{NewStream}")]
    partial void LogRenamed(string path, string oldGroup, string oldStream, string newGroup, string newStream);
}
