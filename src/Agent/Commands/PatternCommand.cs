using System.CommandLine;
using CloudWatch.Patterns;

namespace Agent.Commands;

/// <summary><c>vigil pattern</c>: filter patterns at the desk, before they are trusted with an alarm.</summary>
static class PatternCommand
{
    public static Command Create() => new("pattern", "Try a CloudWatch filter pattern on lines, or have it explained")
    {
        PatternTestCommand.Create(),
        PatternExplainCommand.Create()
    };

    public static Argument<string> Argument() => new("PATTERN")
    {
        Description = "A filter pattern of CloudWatch Logs, in single quotes for the shell's sake; "
            + "one that begins with a hyphen goes behind --"
    };

    /// <summary>Reads a pattern; where it is none, the message shows the place.</summary>
    public static FilterPattern Parse(string text)
    {
        if (FilterPattern.TryParse(text, out var pattern, out var fault))
        {
            return pattern;
        }

        throw new UsageException(
            $"the pattern is not good\n  {Terminal.Harmless(text)}\n  {Pointer(text, fault)}\n{fault}");
    }

    static string Pointer(string text, PatternFault fault)
    {
        var before = text.AsSpan(0, Math.Min(fault.Column - 1, text.Length));
        return $"{new string([.. before.ToString().Select(letter => letter == '\t' ? '\t' : ' ')])}^";
    }
}
