using System.Diagnostics.CodeAnalysis;
using CloudWatch.Patterns.Json;

namespace CloudWatch.Patterns;

/// <summary>What a metric filter reads out of a message: <c>$.latency</c> of JSON, <c>$bytes</c> or <c>$7</c> of
/// space-delimited fields.</summary>
public abstract record ValueSelector
{
    /// <summary>Reads a selector.</summary>
    /// <param name="fault">Of the selector's text.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ValueSelector? selector, [NotNullWhen(false)] out PatternFault? fault)
    {
        (selector, fault) = (null, null);
        try
        {
            selector = Read(text);
            return true;
        }
        catch (PatternException e)
        {
            fault = e.Fault;
            return false;
        }
    }

    static ValueSelector Read(string text)
    {
        var reader = new PatternReader(text, 0, text.Length);
        if (text is ['$', '.' or '[', ..])
        {
            var path = SelectorReader.Read(reader);
            return reader.IsAtEnd
                ? new PathSelector(path)
                : throw reader.Invalid(0, "keys have letters, digits, _ and -; put another in ['…']");
        }

        return text is ['$', _, ..] && text.AsSpan(1).IndexOfAnyExcept(Delimited.DelimitedReader.NameLetters) < 0
            ? new FieldSelector(text[1..])
            : throw reader.Fault(0, "this is no selector", "write $.key for JSON, $name for a field");
    }
}

/// <summary>A value of a JSON message.</summary>
public sealed record PathSelector(JsonPath Path) : ValueSelector
{
    public override string ToString() => Path.ToString();
}

/// <summary>A field by its name, or by its number counted from 1.</summary>
public sealed record FieldSelector(string Name) : ValueSelector
{
    public override string ToString() => $"${Name}";
}
