using Agent.Events;
using Agent.Filter;
using Agent.Framing;
using Agent.Tail;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What one entry of the configuration asks of the journal: a lane that is never at its end for good.
/// </summary>
sealed partial class JournalSource : IDisposable
{
    // What cannot be read is tried again.
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    // Another file of the journal may come that may not be read.
    static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    // What nobody tells of: a journal on a network file system.
    static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(10);

    // How far an idle journal is read is noted now and then: what is gone before that was read.
    static readonly TimeSpan KeepInterval = TimeSpan.FromMinutes(10);

    static readonly TimeSpan RoomInterval = TimeSpan.FromSeconds(1);

    readonly SourcePlan _plan;
    readonly JournalPlan _journal;
    readonly ReaderRoom _room;
    readonly ILogger _log;
    readonly EventFilter? _filter;
    readonly FramingCounts _counts = new();
    readonly FilePosition? _row;
    readonly JournalText _text;
    JournalContent? _content;
    Lane? _lane;
    bool _isBlocked;
    string? _fault; // of the last read
    string? _filesFault;
    long _tried;
    long _looked;
    long _kept;

    /// <param name="row">How far it was read; null where it never was.</param>
    public JournalSource(EntryPlan entry, FilePosition? row, ReaderRoom room)
    {
        (_row, _room, _log, _journal) = (row, room, room.Log, entry.Journal!);
        _plan = SourcePlan.Of(entry, entry.Files.Text);
        _filter = entry.Filters.Count == 0 ? null : new(entry.Filters);
        _text = new(_journal.Format, TimeZoneInfo.Local);
    }

    public SourcePlan Plan => _plan;

    /// <summary>Null until the journal could be opened.</summary>
    public Lane? Lane => _lane;

    public FramingCounts Counts => _counts;

    /// <summary>Why it, or a part of it, is not read; null while all is well.</summary>
    public string? Trouble => _fault ?? _filesFault;

    /// <summary>Whether that is for want of a permission.</summary>
    public bool IsForbidden { get; private set; }

    /// <summary>Readable when something was written; null while it is not open, or is not to be read.</summary>
    public int? Descriptor => _isBlocked ? null : _content?.Descriptor;

    public bool IsDrained => _lane?.IsDrained ?? true;

    public bool IsDenied => _lane?.Sender is { IsDenied: true };

    public bool IsSending => _lane?.Sender is { IsSending: true };

    /// <summary>How long until there is something to be done, whatever is written.</summary>
    public TimeSpan Due
    {
        get
        {
            var due = _lane is null || _content?.Descriptor is null
                ? RetryInterval - _room.Lanes.Time.GetElapsedTime(_tried)
                : _isBlocked ? RoomInterval : IdleInterval;
            return _lane?.BatchDue is { } batch && batch < due ? batch : due;
        }
    }

    /// <summary>How many events a rule of the filters dropped.</summary>
    public long DroppedBy(int rule) => _filter?.DroppedBy(rule) ?? 0;

    /// <summary>Reads once, if there is something to read.</summary>
    public LaneProgress Pump(Span<byte> block)
    {
        Look();
        if (_lane is null && !TryOpen())
        {
            return LaneProgress.Idle;
        }

        _lane!.TakeBackDenied();
        _lane.CloseIfDue();
        if (_content!.Descriptor is null && !IsDue(ref _tried, RetryInterval))
        {
            return LaneProgress.Idle;
        }

        _content.TakeChanges();
        var progress = _lane.Pump(block);
        _isBlocked = progress == LaneProgress.Blocked;
        NoteFault(progress == LaneProgress.Failed ? _content.Fault : null);
        if (progress == LaneProgress.Failed)
        {
            _tried = _room.Lanes.Time.GetTimestamp();
        }
        else if (progress == LaneProgress.Idle && IsDue(ref _kept, KeepInterval))
        {
            _lane.KeepSeen();
        }

        return progress;
    }

    /// <summary>Sends what is read, since reading ends.</summary>
    public void Close()
    {
        _lane?.CloseBatch();
        _lane?.KeepSeen();
    }

    /// <summary>Gives back what was read and is denied: it is read again when the service takes events again.</summary>
    public void TakeBackDenied() => _lane?.TakeBackDenied();

    /// <summary>Tries to send nothing again.</summary>
    public void GiveUp() => _lane?.Sender?.GiveUp();

    public void Dispose()
    {
        _lane?.Sender?.Retire();
        _lane?.Dispose();
        _text.Dispose();
    }

    bool TryOpen()
    {
        if (!IsDue(ref _tried, RetryInterval))
        {
            return false;
        }

        var (entry, lanes) = (_plan.Entry, _room.Lanes);
        try
        {
            var position = _row ?? new()
            {
                Id = _room.NextId(),
                SourcePath = _plan.Path,
                LogGroup = _plan.LogGroup,
                LogStream = _plan.LogStream,
                Identity = default,
                BootId = _room.BootId,
                Place = (entry.StartsAtEnd
                    ? JournalContent.EndOf(_journal.Query, lanes.Time.GetUtcNow())
                    : JournalPlace.Start).ToString(),
                SeenAt = lanes.Time.GetUtcNow().ToUnixTimeMilliseconds()
            };
            var content = new JournalContent(
                _journal.Query, _text, entry.Framing.LongestBytes, PlaceOf(position), position.OffsetBytes,
                DateTimeOffset.FromUnixTimeMilliseconds(position.SeenAt), lanes.Time);
            _content = content;
            _lane = new(
                lanes, new(entry.Framing, _counts, _filter, TimeSpan.Zero, null),
                new(lanes.ServiceTime, position.LastStamp), () => content.SeenUntil.ToUnixTimeMilliseconds(), _ => { },
                _room.NewEnd(_plan), content, position);
            if (_lane.Sender is { } sender)
            {
                sender.CallReader = lanes.Wake;
            }

            (_kept, _tried) = (lanes.Time.GetTimestamp(), 0);
            return true;
        }
        catch (IOException e)
        {
            NoteFault(e.Message);
            return false;
        }
    }

    // To read something twice is better than not to know where.
    JournalPlace PlaceOf(FilePosition position)
    {
        try
        {
            return JournalPlace.Parse(position.Place ?? "");
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            LogLostPlace(position.LogGroup, position.LogStream);
            return JournalPlace.Start;
        }
    }

    void Look()
    {
        if (IsDue(ref _looked, LookInterval) || (_filesFault is not null && IsDue(ref _looked, RetryInterval)))
        {
            var fault = JournalFiles.Fault(_journal.Query.Folder, out var isForbidden);
            IsForbidden = isForbidden;
            if (fault is not null && fault != _filesFault)
            {
                LogTrouble(fault);
            }

            _filesFault = fault;
        }
    }

    void NoteFault(string? fault)
    {
        if (fault is not null && fault != _fault)
        {
            LogTrouble(fault);
        }

        _fault = fault;
    }

    bool IsDue(ref long last, TimeSpan interval)
    {
        if (last != 0 && _room.Lanes.Time.GetElapsedTime(last) < interval)
        {
            return false;
        }

        last = _room.Lanes.Time.GetTimestamp();
        return true;
    }

    [LoggerMessage(140, LogLevel.Warning, "The journal is not read, or not all of it: {Trouble}")]
    partial void LogTrouble(string trouble);

    [LoggerMessage(141, LogLevel.Error,
        "How far the journal was delivered to {Group}/{Stream} cannot be told: all of it is sent again")]
    partial void LogLostPlace(string group, string stream);
}
