namespace CloudWatch.Patterns;

/// <summary>Reads conditions with &amp;&amp;, which binds tighter, || and parentheses between them.</summary>
/// <param name="readCondition">Called where a condition begins.</param>
sealed class ClauseReader(PatternReader reader, Func<Clause> readCondition)
{
    public Clause Read()
    {
        var clauses = new List<Clause>();
        do
        {
            clauses.Add(ReadAll());
        }
        while (reader.Take("||"));

        return clauses.Count == 1 ? clauses[0] : new AnyOf(clauses);
    }

    Clause ReadAll()
    {
        var clauses = new List<Clause>();
        do
        {
            clauses.Add(ReadOne());
        }
        while (reader.Take("&&"));

        return clauses.Count == 1 ? clauses[0] : new AllOf(clauses);
    }

    Clause ReadOne()
    {
        reader.SkipWhite();
        var start = reader.Position;
        var clause = reader.Take("(") ? ReadClosed(start) : readCondition();
        reader.SkipWhite();
        return clause;
    }

    Clause ReadClosed(int start)
    {
        var clause = Read();
        return reader.Take(")") ? clause
            : reader.IsAtEnd ? throw reader.Fault(start, "'(' is not closed", "add ')'")
            : throw Unjoined(reader);
    }

    /// <summary>After a condition comes something that joins it to nothing.</summary>
    public static PatternException Unjoined(PatternReader reader) => reader.Fault(
        reader.Position, $"{reader.Shown()} does not go on after a condition",
        reader.Current == ')' ? "delete it, or open it with '('" : "join conditions with && or ||");
}
