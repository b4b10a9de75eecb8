using System.Text;

namespace Agent.Config.Expressions;

/// <summary>Writes an expression as a .NET pattern that matches the same texts with NonBacktracking and
/// CultureInvariant.</summary>
sealed class PatternWriter
{
    /// <summary>Far beyond what NonBacktracking takes, so that a fault and not memory ends a class written a thousand
    /// times.</summary>
    const int MostCharacters = 1 << 20;

    readonly StringBuilder _pattern = new();
    readonly ClassWriter _classes;
    readonly bool _mayHalve;

    PatternWriter(bool mayHalve) => (_mayHalve, _classes) = (mayHalve, new ClassWriter(_pattern));

    /// <summary>Null if .NET could not match it.</summary>
    public static string? Write(Node expression)
    {
        // \B holds between the halves of a pair, so that no match may begin or end there.
        var writer = new PatternWriter(mayHalve: !HasNoWordEdge(expression));
        writer.Append(expression);
        return writer._pattern.Length > MostCharacters || writer._classes.Alphabet.CountKinds() > Alphabet.MostKinds
            ? null
            : writer._pattern.ToString();
    }

    void Append(Node node)
    {
        if (_pattern.Length > MostCharacters)
            return;

        switch (node)
        {
            case Letter letter:
                _classes.Write(letter.Set);
                break;
            case Anchor anchor:
                _pattern.Append(Written(anchor.Edge));
                break;
            case Repeat repeat:
                Append(repeat);
                break;
            case Choice choice:
                Append(choice);
                break;
            case Sequence sequence:
                foreach (var item in sequence.Items)
                    Append(item);
                break;
        }
    }

    void Append(Choice choice)
    {
        var separator = "(?:";
        foreach (var branch in choice.Branches)
        {
            _pattern.Append(separator);
            Append(branch);
            separator = "|";
        }

        _pattern.Append(')');
    }

    void Append(Repeat repeat)
    {
        if (_mayHalve && repeat is { Least: <= 1, Most: null, Item: Letter { Set: var set } }
            && ClassWriter.HasAllBeyond(set))
        {
            // The one that must be there is whole, so that no pair passes for two.
            if (repeat.Least == 1)
                _classes.Write(set);

            _classes.WriteByUnits(set);
            _pattern.Append('*');
        }
        else
        {
            _pattern.Append("(?:");
            Append(repeat.Item);
            _pattern.Append(')').Append(Quantifier(repeat));
        }

        _pattern.Append(repeat.IsLazy ? "?" : "");
    }

    static string Quantifier(Repeat repeat) => repeat switch
    {
        { Least: 0, Most: null } => "*",
        { Least: 1, Most: null } => "+",
        { Least: 0, Most: 1 } => "?",
        { Most: null } => FormattableString.Invariant($"{{{repeat.Least},}}"),
        _ => FormattableString.Invariant($"{{{repeat.Least},{repeat.Most}}}")
    };

    // $ of .NET would also match before a line feed that ends the text.
    static string Written(Edge edge) => edge switch
    {
        Edge.TextStart => "\\A",
        Edge.TextEnd => "\\z",
        Edge.LineStart => "(?m:^)",
        Edge.LineEnd => "(?m:$)",
        Edge.WordEdge => "\\b",
        Edge.NoWordEdge => "\\B",
        Edge.BeforeWord => "(?:\\A|[^0-9A-Z_a-z])",
        Edge.BehindWord => "(?:\\z|[^0-9A-Z_a-z])",
        _ => throw new ArgumentOutOfRangeException(nameof(edge))
    };

    static bool HasNoWordEdge(Node node) => node switch
    {
        Anchor anchor => anchor.Edge == Edge.NoWordEdge,
        Repeat repeat => HasNoWordEdge(repeat.Item),
        Choice choice => choice.Branches.Any(HasNoWordEdge),
        Sequence sequence => sequence.Items.Any(HasNoWordEdge),
        _ => false
    };
}
