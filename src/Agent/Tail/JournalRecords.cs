using System.Runtime.InteropServices;
using System.Text;

namespace Agent.Tail;

/// <summary>Which place in the journal lies behind each record that was read and is not taken yet. Cursors are kept as
/// bytes: of most nobody asks.</summary>
sealed class JournalRecords
{
    readonly Queue<(long EndBytes, int CursorEnd, int Pieces, ulong Time)> _records = new();
    readonly List<byte> _cursors = []; // of all of them, one after the other
    int _cursorStart; // of the first that is not taken

    public int Count => _records.Count;

    /// <param name="endBytes">Where the record ends.</param>
    /// <param name="pieces">How many of its entry are read with it; 0 for all.</param>
    public void Add(long endBytes, ReadOnlySpan<byte> cursor, int pieces, ulong time)
    {
        if (_records.Count == 0)
        {
            Clear();
        }

        _cursors.AddRange(cursor);
        _records.Enqueue((endBytes, _cursors.Count, pieces, time));
    }

    /// <summary>Takes all up to an offset.</summary>
    /// <returns>The place behind the last of them; null where none is.</returns>
    public JournalPlace? TakeUntil(long offsetBytes)
    {
        (int End, int Pieces, ulong Time)? last = null;
        while (_records.TryPeek(out var record) && record.EndBytes <= offsetBytes)
        {
            _records.Dequeue();
            _cursorStart = last?.End ?? _cursorStart;
            last = (record.CursorEnd, record.Pieces, record.Time);
        }

        if (last is not { } taken)
        {
            return null;
        }

        var cursor = CollectionsMarshal.AsSpan(_cursors)[_cursorStart..taken.End];
        _cursorStart = taken.End;
        return new(Encoding.ASCII.GetString(cursor), taken.Pieces, taken.Time);
    }

    public void Clear()
    {
        _records.Clear();
        _cursors.Clear();
        _cursorStart = 0;
    }
}
