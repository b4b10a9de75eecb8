using System.Globalization;
using System.Text;

namespace Agent.Config.Expressions;

/// <summary>Walks over an expression by code points.</summary>
sealed class Cursor(string written)
{
    readonly int[] _runes = [.. written.EnumerateRunes().Select(rune => rune.Value)];

    /// <summary>Code points before the current one.</summary>
    public int Position { get; set; }

    public bool IsAtEnd => Position >= _runes.Length;

    /// <summary>The current code point; -1 at the end.</summary>
    public int Current => At(Position);

    public int Next => At(Position + 1);

    public int Take() => _runes[Position++];

    public bool Take(string expected)
    {
        if (!IsAt(expected))
            return false;

        Position += expected.Length;
        return true;
    }

    /// <param name="expected">ASCII.</param>
    public bool IsAt(string expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (At(Position + i) != expected[i])
                return false;
        }

        return true;
    }

    /// <summary>Takes all up to a text and that text too; null, and nothing taken, if the text does not come.</summary>
    public string? TakeThrough(string end)
    {
        var start = Position;
        while (!IsAtEnd)
        {
            if (IsAt(end))
            {
                var taken = Text(start, Position);
                Position += end.Length;
                return taken;
            }

            Position++;
        }

        Position = start;
        return null;
    }

    /// <summary>A decimal number without a leading zero; null, and nothing taken, if there is none.</summary>
    public int? TakeNumber()
    {
        const int LongestNumber = 8;
        var start = Position;
        while (Current is >= '0' and <= '9')
            Position++;

        var digits = Text(start, Position);
        if (digits.Length == 0 || (digits.Length > 1 && digits[0] == '0'))
        {
            Position = start;
            return null;
        }

        return digits.Length > LongestNumber ? int.MaxValue : int.Parse(digits, CultureInfo.InvariantCulture);
    }

    public string Text(int start, int end)
    {
        var text = new StringBuilder();
        foreach (var rune in _runes.AsSpan(start..end))
            text.Append(new Rune(rune));

        return text.ToString();
    }

    /// <summary>What was taken since a position, as a fault shows it.</summary>
    public string Shown(int start) => Reading.Shown.Text(Text(start, Position), 40);

    public static ExpressionException Fault(int position, string what, string remedy) =>
        new(new ExpressionFault(position + 1, what, remedy));

    int At(int position) => position < _runes.Length ? _runes[position] : -1;
}
