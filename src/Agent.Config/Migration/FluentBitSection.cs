using Agent.Config.Reading;

namespace Agent.Config.Migration;

/// <summary>A section of Fluent Bit's classic configuration: keys in any case, each with a value behind white space,
/// some of them more than once. Source: Fluent Bit manual, "Classic mode: format and schema", "Variables" and
/// "Commands".</summary>
sealed class FluentBitSection(string name)
{
    const int DeepestInclude = 8;

    readonly List<(string Key, string Value)> _values = [];

    /// <summary>In upper case, such as INPUT.</summary>
    public string Name => name;

    /// <summary>All keys, in lower case, in their order.</summary>
    public IReadOnlyList<(string Key, string Value)> Values => _values;

    /// <summary>The plugin that it is of.</summary>
    public string Plugin => (this["name"] ?? "").ToLowerInvariant();

    /// <summary>The last value of a key; null where it has none.</summary>
    public string? this[string key] => _values.FindLast(value => value.Key == key).Value;

    /// <summary>Whether a key says on, or yes, or true.</summary>
    public bool IsOn(string key) => this[key]?.ToLowerInvariant() is "on" or "true" or "yes";

    public static List<FluentBitSection> AllIn(
        string text, Func<string, string?> include, Func<string, string?> variable, List<string> notes)
    {
        var sections = new List<FluentBitSection>();
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        Read(text, depth: 0);
        return sections;

        void Read(string part, int depth)
        {
            foreach (var line in part.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()))
            {
                if (line.Length == 0 || line[0] == '#')
                    continue;

                if (line.StartsWith("@SET ", StringComparison.OrdinalIgnoreCase))
                    Set(line[5..]);
                else if (line.StartsWith("@INCLUDE ", StringComparison.OrdinalIgnoreCase))
                    Include(line[9..].Trim(), depth);
                else if (line[0] == '[' && line[^1] == ']')
                    sections.Add(new(line[1..^1].Trim().ToUpperInvariant()));
                else if (sections.Count == 0 || !sections[^1].TryAdd(Resolved(line)))
                    notes.Add($"\"{line}\" is neither a section nor a key with a value, and is left out");
            }
        }

        void Set(string assignment)
        {
            if (assignment.IndexOf('=', StringComparison.Ordinal) is > 0 and var end)
                set[assignment[..end].Trim()] = assignment[(end + 1)..].Trim();
        }

        void Include(string file, int depth)
        {
            if (depth < DeepestInclude && include(Resolved(file)) is { } part)
                Read(part, depth + 1);
            else
                notes.Add($"@INCLUDE {file}: there is no such file, or it includes itself; it is left out");
        }

        string Resolved(string line) => Expansion.Of(line, name =>
        {
            if ((set.GetValueOrDefault(name) ?? variable(name)) is { } value)
                return value;

            notes.Add($"${{{name}}} is not set here, and is taken for nothing: set it and migrate again");
            return "";
        });
    }

    bool TryAdd(string line)
    {
        var end = line.IndexOfAny([' ', '\t']);
        if (end < 0)
            return false;

        _values.Add((line[..end].ToLowerInvariant(), line[end..].Trim()));
        return true;
    }
}
