namespace Agent.Config.Migration;

/// <summary>A section of an INI file as Python reads it: keys in any case, = or :, a line that begins with white space
/// continues the value before.</summary>
sealed class IniSection(string name)
{
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    string? _lastKey;

    public string Name => name;

    /// <summary>By their keys in lower case.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public static IReadOnlyList<IniSection> AllIn(string text, List<string> notes)
    {
        var sections = new List<IniSection>();
        foreach (var (index, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (line.Trim() is not { Length: > 0 } said || said[0] is '#' or ';')
                continue;

            if (said[0] == '[' && said.IndexOf(']', StringComparison.Ordinal) is > 1 and var end)
                sections.Add(new(said[1..end].Trim())); // a comment may follow
            else if (sections.Count == 0 || !sections[^1].TryAdd(said, isContinued: char.IsWhiteSpace(line[0])))
                notes.Add($"line {index + 1} is neither a section nor a key with a value, and is left out");
        }

        return sections;
    }

    bool TryAdd(string said, bool isContinued)
    {
        if (isContinued && _lastKey is not null)
        {
            _values[_lastKey] += "\n" + said;
            return true;
        }

        var at = said.IndexOfAny(['=', ':']);
        if (at <= 0)
            return false;

        _lastKey = said[..at].TrimEnd().ToLowerInvariant();
        _values[_lastKey] = said[(at + 1)..].TrimStart();
        return true;
    }
}
