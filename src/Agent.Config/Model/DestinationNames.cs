using System.Text;

namespace Agent.Config.Model;

/// <summary>The names that are made of a file's path. Source: CloudWatch agent.</summary>
static class DestinationNames
{
    /// <summary>The path without its extension: from the last dot of its last part on, even a leading one.</summary>
    public static string GroupFor(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > path.AsSpan().LastIndexOfAny('/', '\\') ? path[..dot] : path;
    }

    /// <summary>The whole path, with _ for what a group's name may not have.</summary>
    public static string GroupApart(string path)
    {
        var name = new StringBuilder(path.Length);
        foreach (var rune in path.EnumerateRunes())
        {
            var letter = rune.IsAscii ? (char)rune.Value : '\0';
            name.Append(letter == '\\' ? '/'
                : char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '/' or '#' ? letter
                : '_');
        }

        return name.ToString();
    }

    public static string StreamApart(string stream, string path) => $"{stream}_{GroupApart(path).Replace('/', '_')}";
}
