using System.Globalization;
using System.Text;
using Agent.Events;
using Agent.Native;

namespace Agent.Tail;

/// <summary>The journal, read as a row of <see cref="EventRecord"/>s: an event for each entry, or several for one
/// that is longer than an event may be. Offsets count the bytes of these; where in the journal one is, its
/// <see cref="Place"/> tells.</summary>
sealed class JournalContent : TailedContent
{
    const int MostRecords = 1024; // for the memory of their places
    const int MostTries = 3; // of an entry that cannot be read: a disk may be sick, or the entry is

    readonly JournalQuery _query;
    readonly JournalText _text;
    readonly TimeProvider _time;
    readonly int _longestBytes;
    readonly JournalRecords _read = new(); // and not taken yet
    readonly byte[] _cursor = new byte[512];
    Journal? _journal;
    JournalPlace _place;
    bool _isAtPlace; // or at what was read after it, all of which was taken
    bool _isOpen; // the entry that the journal stands at is not read, or not all of it
    int _piece; // of it that is next
    bool _wasEmpty; // the journal, as a whole: what comes then is new
    int _tries;
    ulong _seenUntil; // all that was written before
    (long FromBytes, long? ToBytes, string Reason)? _cut;

    /// <param name="longestBytes">Of an event.</param>
    /// <param name="seenUntil">When all was read that had been written by then.</param>
    public JournalContent(
        JournalQuery query, JournalText text, int longestBytes, JournalPlace place, long offsetBytes,
        DateTimeOffset seenUntil, TimeProvider time)
        : base(default, offsetBytes)
    {
        (_query, _text, _longestBytes, _place, _time) = (query, text, longestBytes, place, time);
        _seenUntil = Microseconds(seenUntil);
        KnownLengthBytes = offsetBytes;
    }

    public override string? CurrentPath => "journald";

    public override bool HoldsHandle => false;

    public override string? Place => _place.ToString();

    /// <summary>When all was read that had been written by then.</summary>
    public DateTimeOffset SeenUntil => DateTimeOffset.UnixEpoch.AddMicroseconds(_seenUntil);

    /// <summary>Readable when <see cref="TakeChanges"/> has something to take in; null while the journal is not open.
    /// </summary>
    public int? Descriptor => _journal?.Descriptor;

    /// <summary>The end of the journal.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JournalPlace EndOf(JournalQuery query, DateTimeOffset now)
    {
        using var journal = query.Open();
        if (!journal.GoToLast())
        {
            return new(null, 0, Microseconds(now));
        }

        Span<byte> cursor = stackalloc byte[512];
        return new(Encoding.ASCII.GetString(cursor[..journal.ReadCursor(cursor)]), 0, journal.Time);
    }

    /// <summary>Takes in what was written.</summary>
    public void TakeChanges()
    {
        try
        {
            // Where files went, so may have the one that was read; and folders that come are seen by who opens anew.
            if (_journal?.TakeChanges() == true)
            {
                Close();
            }
        }
        catch (IOException)
        {
            Close(); // the next read opens it again
        }
    }

    public override ReadOutcome Read(Span<byte> block, out ReadOnlySpan<byte> data)
    {
        data = default;
        try
        {
            var began = _time.GetUtcNow();
            _journal ??= Opened();
            if (!_isAtPlace || _read.Count > 0)
            {
                GoToPlace(_journal);
            }

            var filled = 0;
            while (_read.Count < MostRecords && (_isOpen || Next(_journal)) && TryWrite(_journal, block, ref filled))
            {
                continue;
            }

            KnownLengthBytes = Math.Max(KnownLengthBytes, OffsetBytes + filled);
            data = block[..filled];
            _seenUntil = filled == 0 ? Math.Max(_seenUntil, Microseconds(began)) : _seenUntil;
            return filled == 0 ? ReadOutcome.UpToDate : ReadOutcome.Data;
        }
        catch (IOException e)
        {
            Close();
            Fault = e.Message;
            return ReadOutcome.Failed;
        }
    }

    public override void Advance(ReadOnlySpan<byte> consumed)
    {
        base.Advance(consumed);
        _place = _read.TakeUntil(OffsetBytes) ?? _place;
    }

    public override bool TryGoBackTo(FilePosition position)
    {
        if (position.Place is not { } place || position.OffsetBytes > OffsetBytes)
        {
            return false;
        }

        _place = JournalPlace.Parse(place);
        GoBackTo(position.OffsetBytes, default);
        (_isAtPlace, _seenUntil) = (false, (ulong)position.SeenAt * 1000);
        return true;
    }

    public override (long FromBytes, long? ToBytes, string Reason)? TakeCut()
    {
        (var cut, _cut) = (_cut, null);
        return cut;
    }

    public override void Dispose() => Close();

    void Close()
    {
        _journal?.Dispose();
        _journal = null;
        _isAtPlace = false;
    }

    Journal Opened()
    {
        var journal = _query.Open();
        try
        {
            journal.Follow();
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    bool Next(Journal journal)
    {
        _isOpen = journal.Next();
        _piece = 0;
        return _isOpen;
    }

    void GoToPlace(Journal journal)
    {
        _read.Clear();
        _isOpen = false;
        if (_place == JournalPlace.Start)
        {
            journal.GoToStart();
        }
        else if (_place.Cursor is null || !journal.GoTo(_place.Cursor))
        {
            NoteIfLost();
            if (_place.Cursor is null)
            {
                journal.GoToTime(_place.Time);
            }
        }
        else if (_place.Pieces > 0)
        {
            (_isOpen, _piece) = (true, _place.Pieces);
        }

        _isAtPlace = true;
    }

    // What was there before the oldest entry of all is gone. Told once: the place is behind it then.
    void NoteIfLost()
    {
        using var all = Journal.Open(_query.Folder);
        all.GoToStart();
        var known = Math.Max(_place.Time, _seenUntil);
        var (wasEmpty, isEmpty) = (_wasEmpty, !all.Next());
        _wasEmpty = isEmpty;
        var oldest = isEmpty ? Microseconds(_time.GetUtcNow()) : all.Time;
        if (oldest > known && !wasEmpty)
        {
            _cut = (OffsetBytes, null, string.Create(
                CultureInfo.InvariantCulture,
                $"the journal holds nothing that was written before {Shown(oldest)}, and was last read at "
                + $"{Shown(known)}: what was written between is gone, if there was any"));
            _place = new(null, 0, oldest);
        }
    }

    // False where there is no room for more, or what was written so far is to be taken first: only then it is known how
    // far one came. What cannot be read is tried again, and passed over with all that is like it behind it: one after
    // the other they would never be over.
    bool TryWrite(Journal journal, Span<byte> block, ref int filled)
    {
        try
        {
            var hasRoom = TryWriteEntry(journal, block, ref filled);
            _tries = 0;
            return hasRoom;
        }
        catch (IOException) when (filled > 0)
        {
            return false;
        }
        catch (IOException e) when (++_tries >= MostTries)
        {
            _cut = (OffsetBytes, null, $"entries of the journal cannot be read, and are passed over: {e.Message}");
            _isOpen = false;
            return true;
        }
    }

    bool TryWriteEntry(Journal journal, Span<byte> block, ref int filled)
    {
        var time = journal.Time;
        var text = _text.Of(journal, time);
        var start = 0;
        for (var i = 0; i < _piece; i++)
        {
            start += PieceOf(text[start..]).Length;
        }

        while (_isOpen)
        {
            var piece = PieceOf(text[start..]);
            if (filled + EventRecord.HeadBytes + piece.Length > ReadBytes)
            {
                return false;
            }

            EventRecord.WriteHead(block[filled..], (long)(time / 1000), piece.Length);
            piece.CopyTo(block[(filled + EventRecord.HeadBytes)..]);
            filled += EventRecord.HeadBytes + piece.Length;
            start += piece.Length;
            _piece++;
            _isOpen = start < text.Length;
            _read.Add(
                OffsetBytes + filled, _cursor.AsSpan(0, journal.ReadCursor(_cursor)), _isOpen ? _piece : 0, time);
        }

        return true;
    }

    // No character is parted.
    ReadOnlySpan<byte> PieceOf(ReadOnlySpan<byte> text)
    {
        if (text.Length <= _longestBytes)
        {
            return text;
        }

        var end = _longestBytes;
        while ((text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return text[..end];
    }

    static ulong Microseconds(DateTimeOffset time) =>
        (ulong)Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    static string Shown(ulong microseconds) =>
        $"{DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds):yyyy-MM-ddTHH:mm:ssZ}";
}
