using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Keeps deleted files of a source in the spool until they are delivered. Their lines are read from the open
/// file as before; once all of it is kept and nobody can write to it any more it is closed, and its disk is free.
/// </summary>
sealed partial class Spooling(SourcePlan plan, SourceRoom room, Lives lives)
{
    // What a kill may lose of a file that is still written to, though it has no name any more.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly ILogger _log = room.Log;
    readonly Spool _spool = room.Spool;
    readonly Dictionary<Life, (SpoolCopy Copy, long Began)> _copies = [];
    bool _isWarned;

    /// <summary>What a restart would lose of files that have no name any more.</summary>
    public long BytesAtRisk => lives.Exists(life => life.IsPast) ? lives.Sum(AtRiskOf) : 0;

    /// <summary>Looks for files that lost their last name, and for those of which all is kept.</summary>
    public void Look()
    {
        if (!_spool.IsOn)
        {
            WarnOnce();
            return;
        }

        foreach (var ended in _copies.Keys.Where(life => !lives.Contains(life)).ToList())
        {
            _copies.Remove(ended);
        }

        foreach (var life in lives.Where(IsToBeKept).ToList())
        {
            if (life.Lane.Content is TailedFile file && file.AsDeleted() is { } deleted)
            {
                Look(life, deleted);
            }
        }
    }

    long AtRiskOf(Life life) =>
        life is { IsPast: true, Lane: { IsEnded: false, Content: TailedFile file } }
            && file.AsDeleted() is { } deleted && _spool.Of(life.Lane.RowId) is not { IsWhole: true }
            ? Math.Max(0, deleted.LengthBytes - life.Lane.DeliveredBytes)
            : 0;

    // Without a spool a restart would lose them.
    void WarnOnce()
    {
        if (!_isWarned && BytesAtRisk > 0)
        {
            _isWarned = true;
            LogAtRisk(plan.Path);
        }
    }

    bool IsToBeKept(Life life) =>
        life is { IsPast: true, WantsCopy: false, Lane.IsEnded: false }
        && (!_copies.TryGetValue(life, out var last)
            || (last.Copy.IsOver && room.Lanes.Time.GetElapsedTime(last.Began) >= Pause));

    void Look(Life life, DeletedFile deleted)
    {
        var folder = _spool.Of(life.Lane.RowId);
        if (folder is { IsWhole: true })
        {
            GoOver(life, folder, deleted.LengthBytes);
        }
        else if (deleted.LengthBytes > life.Lane.CommittedBytes)
        {
            var isLast = deleted.IsForsaken || IsQuiet(life);
            if (isLast || folder is null || folder.EndBytes < deleted.LengthBytes)
            {
                Copy(life, deleted, isLast);
            }
        }
        else if (folder is not null)
        {
            folder.Fault = null; // all is delivered, and nothing is to be kept
        }
    }

    // Where it cannot be told whether somebody may still write to it. It was copied last when it had grown.
    bool IsQuiet(Life life) =>
        _copies.TryGetValue(life, out var last) && room.Lanes.Time.GetElapsedTime(last.Began) >= Life.Grace;

    void Copy(Life life, DeletedFile deleted, bool isLast)
    {
        if (_spool.Of(life.Lane.RowId) is null)
        {
            LogBegun(plan.Path);
        }

        var copy = new SpoolCopy(
            deleted, isLast, _spool, _spool.For(life.Lane.RowId), () => life.Lane.CommittedBytes);
        _copies[life] = (copy, room.Lanes.Time.GetTimestamp());
        copy.Start();
    }

    void GoOver(Life life, SpoolFolder folder, long lengthBytes)
    {
        if (SpooledFile.TryOpen(folder, life.Lane.ReadPosition) is { } spooled)
        {
            lives.GoOver(life, spooled);
            LogWhole(plan.Path, lengthBytes, folder.DiskBytes);
        }
    }

    [LoggerMessage(117, LogLevel.Warning,
        "{Path}: a file was deleted before all of it was delivered. It is held open and read on, but a restart now "
        + "would lose the rest; vigil.spool keeps such files")]
    partial void LogAtRisk(string path);

    [LoggerMessage(113, LogLevel.Information,
        "{Path}: a file that was deleted is not delivered yet: what is left of it is kept in the spool")]
    partial void LogBegun(string path);

    [LoggerMessage(114, LogLevel.Information,
        "{Path}: a file of {Length} bytes that was deleted is closed: its rest is in the spool and takes {Disk} bytes")]
    partial void LogWhole(string path, long length, long disk);
}
