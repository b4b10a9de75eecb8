using System.Buffers;
using System.Text;
using Agent.Config.Model;
using Agent.Config.Reading;
using CloudWatch;

namespace Agent.Config.Checking;

/// <summary>What the service takes as the name of a log group and of a log stream. API: CreateLogGroup,
/// CreateLogStream.</summary>
static class Names
{
    static readonly SearchValues<char> GroupLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_/#");

    static readonly string KnownPlaceholders = string.Join(", ", Placeholders.Known);

    public static void CheckGroup(Value value, FaultList faults)
    {
        var name = ((TextValue)value).Text;
        var isPlaceholderFault = false;
        foreach (var unknown in Placeholders.UnknownIn(name))
        {
            // It would stay in the name, and braces are no letters of a group's name: the group could never be created.
            isPlaceholderFault = true;
            faults.Error(value, UnknownPlaceholder(unknown), "use one of these, or write the name without braces");
        }

        if (!isPlaceholderFault && FirstBadGroupLetter(name) is { } letter)
            faults.Error(value, BadGroupLetter(value.Found, letter), "leave the others out");
    }

    public static void CheckStream(Value value, FaultList faults)
    {
        var name = ((TextValue)value).Text;
        foreach (var unknown in Placeholders.UnknownIn(name))
        {
            faults.Warning(value, $"{UnknownPlaceholder(unknown)}, it stays in the name as it is",
                "use one of these, or leave it if that is the name");
        }

        if (name.AsSpan().IndexOfAny(':', '*') >= 0)
            faults.Error(value, $"{value.Found} was found, a name without : and * is allowed", "leave them out");
    }

    /// <summary>The group's name that is made from the path where none is given.</summary>
    public static void CheckGroupFromPath(ObjectValue entry, FaultList faults)
    {
        if (entry.Member("log_group_name") is not null || entry.Member("file_path")?.Value is not TextValue path)
            return;

        // With publish_multi_logs each file's own path makes the name; a path with a variable has a fault of its own.
        if (entry.Flag("publish_multi_logs") || EnvironmentVariable.IsIn(path, out _))
            return;

        var name = DestinationNames.GroupFor(path.Text);
        const string Remedy = "set log_group_name";
        if (GlobSyntax.IsPattern(path.Text))
        {
            faults.Error(path, "is a pattern, which gives the log group no name", Remedy);
        }
        else if (name.Length > Limits.NameLength)
        {
            var what = $"gives the log group a name of {name.Length} characters, {Limits.NameLength} are allowed";
            faults.Error(path, what, Remedy);
        }
        else if (FirstBadGroupLetter(name) is { } letter)
        {
            faults.Error(path, "gives the log group its name: " + BadGroupLetter(Shown.Text(name), letter), Remedy);
        }
    }

    static string UnknownPlaceholder(string word) =>
        $"{Shown.Text(word)} was found, the placeholders are {KnownPlaceholders}";

    static string BadGroupLetter(string found, string letter) =>
        $"{letter} was found in {found}, a log group name of letters (A-Z, a-z), digits and . - _ / # is allowed";

    static string? FirstBadGroupLetter(string name)
    {
        var plain = name;
        foreach (var known in Placeholders.Known)
            plain = plain.Replace(known, "", StringComparison.Ordinal);

        var bad = plain.AsSpan().IndexOfAnyExcept(GroupLetters);
        return bad < 0 ? null
            : Rune.TryGetRuneAt(plain, bad, out var letter) ? Shown.Letter(letter)
            : "half a character";
    }
}
