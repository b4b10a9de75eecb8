using System.Buffers;
using System.Globalization;

namespace CloudWatch.Patterns.Json;

/// <summary>Reads the path of a JSON condition: <c>$.users[0].name</c>.</summary>
static class SelectorReader
{
    const string OneWildcard = "Your filter pattern has a JSON path selector that exceeds the maximum of 1 wildcard "
        + "allowed per json selector.";

    static readonly SearchValues<char> KeyLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static bool IsPlainKey(string key) => key.Length > 0 && key.AsSpan().IndexOfAnyExcept(KeyLetters) < 0;

    public static JsonPath Read(PatternReader reader)
    {
        var start = reader.Position;
        if (!reader.Take("$"))
        {
            throw reader.Fault(
                start, $"{reader.Shown()} is no selector", "begin it with $. and a key, as in $.eventType");
        }

        var steps = new List<JsonStep>();
        while (reader.Current is '.' or '[')
            steps.Add(ReadStep(reader, start));

        var path = new JsonPath(steps);
        if (steps.Count == 0)
            throw reader.Fault(start, "'$' selects nothing", "add a key, as in $.eventType");

        return steps.Count(step => step is EveryStep) <= 1 ? path : throw reader.Fault(
            start, $"{path} has more than one wildcard", "one is allowed in a selector", OneWildcard);
    }

    static JsonStep ReadStep(PatternReader reader, int start)
    {
        var hasDot = reader.Take(".");
        if (reader.Current == '[')
            return ReadBracket(reader, start);
        if (hasDot && reader.Take("*"))
            return new EveryStep();

        var key = reader.TakeAll(KeyLetters);
        return key.Length > 0 ? new KeyStep(key)
            : reader.IsAtEnd ? throw reader.Fault(reader.Position, "a key is missing", "write it behind the dot")
            : throw reader.Invalid(start, "keys have letters, digits, _ and -; put another in ['…']");
    }

    static JsonStep ReadBracket(PatternReader reader, int start)
    {
        var opened = reader.Position++;
        JsonStep? step = reader.Current switch
        {
            '*' => Take(reader, new EveryStep()),
            '\'' or '"' => ReadQuotedKey(reader),
            >= '0' and <= '9' => ReadIndex(reader),
            _ => null
        };
        if (step is null && !reader.IsAtEnd)
            throw reader.Invalid(start, "write a number, * or a quoted key in brackets");

        return step is not null && reader.Take("]") ? step : throw reader.Fault(
            opened, "'[' of a selector is not closed", "write [0], [*] or ['key']");
    }

    static EveryStep Take(PatternReader reader, EveryStep step)
    {
        reader.Position++;
        return step;
    }

    static KeyStep ReadQuotedKey(PatternReader reader)
    {
        var start = reader.Position;
        var quote = reader.Current;
        reader.Position++;
        return reader.TakeThrough(quote) is { } key
            ? new KeyStep(key)
            : throw reader.Fault(start, "a quote is not closed", $"add the closing {quote}");
    }

    static IndexStep ReadIndex(PatternReader reader)
    {
        var start = reader.Position;
        while (char.IsAsciiDigit(reader.Current))
            reader.Position++;

        return int.TryParse(reader.Since(start), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new IndexStep(index)
            : throw reader.Fault(start, "the index is too large", "no array has so many elements");
    }
}
