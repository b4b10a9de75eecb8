using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CloudWatch.Matching;

/// <summary>Runs through a text byte by byte, by a table that is filled in as texts come: in linear time, whatever the
/// expression and the text.</summary>
/// <remarks>Three shortcuts over a plain table. What a text begins with as those before it did is passed over. Where a
/// byte leads back to the same row, as in <c>\d+</c>, the processor guesses the next cell before it knows this one.
/// Where a single text goes on, as in <c>sshd\[</c>, that text is compared as a whole.</remarks>
sealed class Automaton
{
    // Cells that are no row. A state with a chain stands in the table as the last of these less its number.
    const int Unknown = -1;
    const int Dead = -2;
    const int Matched = -3;
    const int FirstChained = -4;

    /// <summary>With more what was worked out is forgotten: a text that is made for it may visit any number of rows.
    /// </summary>
    const int MostBytes = 1 << 20;

    /// <summary>A cell for each byte. Bytes that the expression does not tell apart could share one, but to ask which
    /// costs as much as the cell.</summary>
    const int Width = 256;

    readonly StateFinder _finder;
    readonly List<State> _states = [];
    readonly Dictionary<State, int> _rows = [];
    readonly CommonBeginning _beginning = new();
    int[] _cells = [];
    int _start;
    int _timesForgotten;

    public Automaton(Op[] ops)
    {
        _finder = new(ops);
        _start = CellOf(_finder.First());
    }

    /// <summary>What the rows take.</summary>
    public int Bytes { get; private set; }

    /// <param name="text">UTF-8; a byte that is none matches nothing.</param>
    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (!_beginning.IsIn(text))
            return Matches(text, FindBeginning(text, out var at), at);

        return Matches(text, _beginning.Cell, _beginning.At);
    }

    bool Matches(ReadOnlySpan<byte> text, int cell, int at)
    {
        cell = Run(text, cell, ref at);
        return cell == Matched || (cell >= 0 && MatchesAtEnd(cell));
    }

    int FindBeginning(ReadOnlySpan<byte> text, out int at)
    {
        (at, var cell) = (0, _start);
        if (_beginning.Find(text) is > 0 and var common)
        {
            cell = Run(text[..common], cell, ref at);
            _beginning.Keep(at, cell);
        }

        return cell;
    }

    // Goes on until the answer is known or the text ends: with a row, or before a chain that is not all there.
    int Run(ReadOnlySpan<byte> text, int cell, ref int at)
    {
        var next = at;
        while (true)
        {
            if (cell >= 0)
                cell = Loop(text, cell, ref next);

            if (cell > FirstChained)
                break;

            var state = _states[FirstChained - cell];
            if (text.Length - next < state.Chain.Length)
                break;

            if (!state.Chain.Begins(text[next..]))
            {
                cell = Dead;
                break;
            }

            next += state.Chain.Length;
            cell = state.CellBehindChain ?? FindCellBehindChain(state);
        }

        at = next;
        return cell;
    }

    // Goes from row to row until a cell is no row, or the text ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Loop(ReadOnlySpan<byte> text, int row, ref int at)
    {
        ref var cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        for (; at < text.Length; at++)
        {
            var next = Unsafe.Add(ref cells, row + text[at]);
            if (next == row)
                continue; // with a jump, and not a move that would have to wait for the cell

            if (next == Unknown)
            {
                next = WorkOut(row, text[at]);
                cells = ref MemoryMarshal.GetArrayDataReference(_cells);
            }

            if (next < 0)
            {
                at++;
                return next;
            }

            row = next;
        }

        return row;
    }

    int WorkOut(int row, byte one)
    {
        var before = _timesForgotten;
        var cell = CellOf(_finder.After(_states[row / Width], one));
        if (before == _timesForgotten)
            _cells[row + one] = cell;

        return cell;
    }

    int FindCellBehindChain(State state)
    {
        var cell = CellOf(_finder.AfterChain(state));
        state.CellBehindChain = cell;
        return cell;
    }

    bool MatchesAtEnd(int row)
    {
        var state = _states[row / Width];
        return state.MatchesAtEnd ??= _finder.MatchesAtEnd(state);
    }

    int CellOf(State state)
    {
        if (ReferenceEquals(state, State.Dead))
            return Dead;

        if (ReferenceEquals(state, State.Matched))
            return Matched;

        if (!_rows.TryGetValue(state, out var row))
            row = Add(state);

        return state.Chain.Length > 0 ? FirstChained - (row / Width) : row;
    }

    int Add(State state)
    {
        if (Bytes > MostBytes)
            Forget();

        var row = _states.Count * Width;
        if (row + Width > _cells.Length)
            Array.Resize(ref _cells, Math.Max(2 * _cells.Length, 16 * Width));

        _cells.AsSpan(row, Width).Fill(Unknown);
        _states.Add(state);
        _rows.Add(state, row);
        Bytes += sizeof(int) * (Width + state.Ops.Length);
        return row;
    }

    void Forget()
    {
        (Bytes, _timesForgotten) = (0, _timesForgotten + 1);
        _states.Clear();
        _rows.Clear();
        _beginning.Forget();
        _start = CellOf(_finder.First());
    }
}
