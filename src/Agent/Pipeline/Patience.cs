using Agent.Framing;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Since when a file is quiet, and how long what stands at its end is waited with: the next line may continue
/// the last event, the next write the last line. Also when a file that is not read is looked at.</summary>
sealed class Patience(Intake intake, TimeProvider time)
{
    // A file that cannot be read for want of room is looked at now and then even where nobody says that it changed.
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    long _grownTo;
    long _looked;
    bool _isChanged;

    /// <summary>When bytes were last found.</summary>
    public long LastGrowth { get; private set; } = time.GetTimestamp();

    /// <summary>Since when there is no room for what could be read; when it was read last, while there is.</summary>
    public long BlockedSince { get; private set; } = time.GetTimestamp();

    /// <summary>Whether time alone brings nothing: the file is as long as at the last read, and no last line waits to
    /// be taken without its end.</summary>
    public bool IsOver(long readBytes, long lengthBytes) =>
        _grownTo == lengthBytes && (intake.PartialLineTimeout is null || readBytes == lengthBytes);

    // A last line without line end is read again and again, and is no growth.
    public void NoteLength(long lengthBytes)
    {
        if (_grownTo != lengthBytes)
        {
            _grownTo = lengthBytes;
            LastGrowth = time.GetTimestamp();
        }
    }

    /// <summary>There was room for what was read.</summary>
    public void NoteRoom() => BlockedSince = time.GetTimestamp();

    /// <summary>Something happened to the file: it is worth a look.</summary>
    public void NoteChange() => _isChanged = true;

    /// <summary>Whether the file is to be looked at; if so, the next look is later.</summary>
    public bool TryTakeLook()
    {
        if (!_isChanged && time.GetElapsedTime(_looked) < LookInterval)
        {
            return false;
        }

        _isChanged = false;
        _looked = time.GetTimestamp();
        return true;
    }

    /// <summary>How long until the end is taken as it is; null waits for ever.</summary>
    /// <param name="isEvent">Whole lines wait for what continues their event; else a line waits for its end.</param>
    public TimeSpan? Left(bool isEvent)
    {
        var quiet = time.GetElapsedTime(LastGrowth);
        return isEvent ? intake.EventTimeout - quiet : intake.PartialLineTimeout - quiet;
    }

    /// <summary>What a block's end is, by what was waited so far.</summary>
    public BlockEnd EndOf(int blockBytes, bool isComplete)
    {
        if (blockBytes >= TailedContent.ReadBytes)
        {
            return BlockEnd.Open;
        }

        var quiet = time.GetElapsedTime(LastGrowth);
        return isComplete || (intake.PartialLineTimeout is { } patience && quiet >= patience) ? BlockEnd.Final
            : quiet >= intake.EventTimeout ? BlockEnd.Quiet
            : BlockEnd.Open;
    }
}
