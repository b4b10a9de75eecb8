using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Keeps deleted files of a source in the spool until they are delivered. Their lines are read from the open
/// file as before; once all of it is kept and nobody can write to it any more it is closed, and its disk is free.
/// </summary>
sealed partial class Spooling(SourcePlan plan, SourceRoom room, Lives lives)
{
    readonly ILogger _log = room.Log;
    readonly Spool _spool = room.Spool;
    readonly Dictionary<Life, SpoolCopy> _copies = [];

    /// <summary>Looks for files that lost their last name, and for copies that have come to their end.</summary>
    public void Look()
    {
        if (!_spool.IsOn)
        {
            return;
        }

        foreach (var over in _copies.Where(one => one.Value.IsOver).Select(one => one.Key).ToList())
        {
            _copies.Remove(over);
        }

        foreach (var life in lives.Where(life => life is { IsPast: true, WantsCopy: false }).ToList())
        {
            if (life.Lane.Content is TailedFile file && !_copies.ContainsKey(life))
            {
                Look(life, file);
            }
        }
    }

    void Look(Life life, TailedFile file)
    {
        // In this order: of a file that nobody can write to the length is the last one.
        var isForsaken = file.IsForsaken;
        if (file.AsDeleted() is not { } deleted || deleted.LengthBytes <= life.Lane.CommittedBytes)
        {
            return;
        }

        var folder = _spool.Of(life.Lane.RowId);
        if (folder is null || folder.EndBytes < deleted.LengthBytes)
        {
            Begin(life, deleted);
        }
        else if (isForsaken)
        {
            GoOver(life, folder, deleted);
        }
    }

    void Begin(Life life, DeletedFile deleted)
    {
        if (_spool.Of(life.Lane.RowId) is null)
        {
            LogBegun(plan.Path);
        }

        var copy = new SpoolCopy(deleted, _spool, life.Lane.RowId, () => life.Lane.CommittedBytes);
        _copies.Add(life, copy);
        copy.Start(room.Stopping);
    }

    void GoOver(Life life, SpoolFolder folder, DeletedFile deleted)
    {
        try
        {
            folder.NoteWhole(deleted.LastWritten);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _spool.NoteFault(life.Lane.RowId, e.Message); // the file stays open, and the next look tries again
            return;
        }

        if (SpooledFile.TryOpen(folder, life.Lane.ReadPosition) is { } spooled)
        {
            lives.ContinueIn(life, spooled, cut: null);
            life.Lane.IsComplete = true;
            LogWhole(plan.Path, deleted.LengthBytes, folder.DiskBytes);
        }
    }

    [LoggerMessage(113, LogLevel.Information,
        "{Path}: a file that was deleted is not delivered yet: what is left of it is kept in the spool")]
    partial void LogBegun(string path);

    [LoggerMessage(114, LogLevel.Information,
        "{Path}: a file of {Length} bytes that was deleted is closed: its rest is in the spool and takes {Disk} bytes")]
    partial void LogWhole(string path, long length, long disk);
}
