using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Agent.Config.Model;

/// <summary>The patterns of file names: * ? [a-z] ** {a,b}, and \ before a character that is meant as it is.</summary>
static class GlobSyntax
{
    /// <summary>Any of these makes a pattern of a path for the CloudWatch agent.</summary>
    static readonly SearchValues<char> Wildcards = SearchValues.Create("*?[]{}");

    public static bool IsPattern(string path) => path.AsSpan().ContainsAny(Wildcards);

    /// <summary>What keeps a pattern from being one.</summary>
    public static bool HasFault(
        string pattern, [NotNullWhen(true)] out string? what, [NotNullWhen(true)] out string? remedy)
    {
        (what, remedy) = FaultIn(pattern) ?? default;
        return what is not null;
    }

    static (string What, string Remedy)? FaultIn(string pattern)
    {
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    if (++i == pattern.Length)
                        return ("a \\ ends the pattern", "write \\\\ for the character itself");

                    break;
                case '[':
                    if (FaultOfSet(pattern, ref i) is { } fault)
                        return fault;

                    break;
                case '{':
                    depth++;
                    break;
                case '}' when --depth < 0:
                    return ("'}' has no '{' before it", "write \\} for the character itself");
            }
        }

        return depth == 0 ? null : ("'{' is not closed", "close it with }, or write \\{ for the character itself");
    }

    // A set holds characters and ranges of one name, none of them a slash; ! or ^ first turns it round.
    static (string What, string Remedy)? FaultOfSet(string pattern, ref int i)
    {
        i += i + 1 < pattern.Length && pattern[i + 1] is '!' or '^' ? 2 : 1;
        var start = i;
        while (i < pattern.Length && pattern[i] is not (']' or '/'))
            i += pattern[i] == '\\' ? 2 : 1;

        if (i >= pattern.Length || pattern[i] != ']')
            return ("'[' is not closed", "close it with ], or write \\[ for the character itself");

        return i > start ? null : ("[] holds no character", "write the characters between the brackets");
    }
}
