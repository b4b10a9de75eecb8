namespace CloudWatch.Patterns;

/// <summary>Walks over the characters of a pattern, or of what its brackets hold.</summary>
sealed class PatternReader(string text, int start, int end)
{
    const int MostShown = 40;

    public int Position { get; set; } = start;

    public bool IsAtEnd => Position >= end;

    /// <summary>The current character; NUL at the end, where <see cref="IsAtEnd"/> tells it from one that is written.
    /// </summary>
    public char Current => IsAtEnd ? '\0' : text[Position];

    public char Next => Position + 1 < end ? text[Position + 1] : '\0';

    public int RegexesRead { get; set; }

    public static bool IsWhite(char letter) => char.IsWhiteSpace(letter);

    public void SkipWhite()
    {
        while (!IsAtEnd && IsWhite(text[Position]))
            Position++;
    }

    public bool Take(string expected)
    {
        if (!text.AsSpan(Position, end - Position).StartsWith(expected, StringComparison.Ordinal))
            return false;

        Position += expected.Length;
        return true;
    }

    /// <summary>Takes letters as long as they are of a set.</summary>
    public string TakeAll(System.Buffers.SearchValues<char> letters)
    {
        var rest = text.AsSpan(Position, end - Position);
        var length = rest.IndexOfAnyExcept(letters);
        var taken = rest[..(length < 0 ? rest.Length : length)].ToString();
        Position += taken.Length;
        return taken;
    }

    /// <summary>Takes all up to a character and that character too; null, and nothing taken, if it does not come.
    /// </summary>
    public string? TakeThrough(char last)
    {
        var length = text.AsSpan(Position, end - Position).IndexOf(last);
        if (length < 0)
            return null;

        var taken = text.Substring(Position, length);
        Position += length + 1;
        return taken;
    }

    public string Since(int position) => text[position..Position];

    /// <summary>The character here may not stand in the term that began at a position.</summary>
    public PatternException Invalid(int termStart, string remedy)
    {
        var length = char.IsHighSurrogate(Current) && char.IsLowSurrogate(Next) ? 2 : 1;
        return new(new(
            ColumnOf(Position), $"'{text.Substring(Position, length)}' is not allowed here", remedy,
            $"Invalid character(s) in term '{text[termStart..(Position + length)]}'"));
    }

    public PatternException Fault(int position, string what, string remedy, string? service = null) =>
        new(new(ColumnOf(position), what, remedy, service));

    // A character beyond U+FFFF is one, not two.
    int ColumnOf(int position) =>
        1 + position - text.AsSpan(0, Math.Min(position, text.Length)).ToString().Count(char.IsLowSurrogate);

    /// <summary>What stands here, as a fault shows it.</summary>
    public string Shown()
    {
        var rest = text[Position..end];
        return IsAtEnd ? "the end" : rest.Length > MostShown ? $"'{rest[..MostShown]}…'" : $"'{rest}'";
    }
}
