using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Deals the positions of the last run out to the configured entries. Where the log group or log stream of a
/// known file was changed, reading goes on where it stood: to send the whole file again to the new name is not what
/// renaming means.</summary>
/// <param name="nextId">Gives out keys for new rows.</param>
sealed partial class KnownPositions(
    IReadOnlyList<FilePosition> positions, IReadOnlyList<EntryPlan> entries, Func<long> nextId, DateTimeOffset now,
    ILogger log)
{
    readonly ILogger _log = log;
    readonly HashSet<long> _claimed = [];

    /// <summary>An entry is read already: what is its own is nobody else's.</summary>
    public void PassOver(EntryPlan entry) =>
        _claimed.UnionWith(positions.Where(position => IsOf(position, entry)).Select(position => position.Id));

    /// <summary>The rows of an entry, oldest first.</summary>
    public IReadOnlyList<FilePosition> Of(EntryPlan entry)
    {
        if (entry.Journal is not null)
        {
            return OfJournal(entry);
        }

        var covered = positions.Where(position => entry.IsOf(position.SourcePath)).ToList();
        var own = covered.Where(position => IsOf(position, entry)).ToList();
        own.RemoveAll(position => !_claimed.Add(position.Id)); // patterns may overlap, and a file is read once
        var paths = own.Select(row => row.SourcePath).ToHashSet(StringComparer.Ordinal);
        var orphans = covered
            .Where(position => !paths.Contains(position.SourcePath)
                && !entries.Any(other => IsOf(position, other)))
            .GroupBy(position => position.SourcePath)
            .SelectMany(path => Renamed(entry, path.Key, [.. path]));
        return [.. own.Concat(orphans).OrderBy(position => position.Id)];
    }

    // What asks for something else, or goes elsewhere, since a moment ago goes on where the one before stood. After a
    // day it is another matter: nobody expects days of entries that were not asked for then.
    IReadOnlyList<FilePosition> OfJournal(EntryPlan entry)
    {
        var (path, destination) = (entry.Files.Text, entry.NamesOf(entry.Files.Text));
        if (positions.LastOrDefault(position => IsOf(position, entry)) is { } own && _claimed.Add(own.Id))
        {
            return [own];
        }

        var orphan = positions.Where(position => position.Place is not null && !_claimed.Contains(position.Id)
                && !entries.Any(other => IsOf(position, other)) && IsOfLate(position)
                && (position.SourcePath == path || (position.LogGroup, position.LogStream) == destination))
            .MaxBy(position => position.SeenAt);
        if (orphan is null)
        {
            return [];
        }

        _claimed.Add(orphan.Id);
        LogGoesOn(path, destination.Group, destination.Stream, orphan.SourcePath, orphan.LogGroup, orphan.LogStream);
        return [orphan with { SourcePath = path, LogGroup = destination.Group, LogStream = destination.Stream }];
    }

    bool IsOfLate(FilePosition position) =>
        now.ToUnixTimeMilliseconds() - position.SeenAt < TimeSpan.FromDays(1).TotalMilliseconds;

    // The destination of the row that changed last is the one that was renamed.
    IEnumerable<FilePosition> Renamed(EntryPlan entry, string path, List<FilePosition> orphans)
    {
        var (group, stream) = entry.NamesOf(path);
        var renamed = orphans.MaxBy(position => position.LastStamp)!;
        LogRenamed(path, renamed.LogGroup, renamed.LogStream, group, stream);
        return orphans
            .Where(position => (position.LogGroup, position.LogStream) == (renamed.LogGroup, renamed.LogStream))
            .Select(position => position with
            {
                // One name may have become two: each goes on with a row of its own.
                Id = _claimed.Add(position.Id) ? position.Id : nextId(),
                LogGroup = group,
                LogStream = stream
            });
    }

    /// <summary>Whether a row is of an entry as it is configured now.</summary>
    public static bool IsOf(FilePosition position, EntryPlan entry) =>
        entry.IsOf(position.SourcePath)
        && (position.LogGroup, position.LogStream) == entry.NamesOf(position.SourcePath);

    [LoggerMessage(119, LogLevel.Information,
        "{Path} to {Group}/{Stream} goes on where {OldPath} to {OldGroup}/{OldStream} stood")]
    partial void LogGoesOn(
        string path, string group, string stream, string oldPath, string oldGroup, string oldStream);

    [LoggerMessage(110, LogLevel.Information,
        "{Path}: was shipped to {OldGroup}/{OldStream}, goes on where it stood to {NewGroup}/{NewStream}")]
    partial void LogRenamed(string path, string oldGroup, string oldStream, string newGroup, string newStream);
}
