using System.CommandLine;
using System.Text;

namespace Agent.Commands;

/// <summary><c>vigil pattern explain</c>: a pattern in words, and why a line matches it or not.</summary>
static class PatternExplainCommand
{
    public static Command Create()
    {
        var pattern = PatternCommand.Argument();
        var line = new Argument<string?>("LINE")
        {
            Description = "A line: each condition is said to hold for it or not",
            DefaultValueFactory = _ => null
        };
        var command = new Command(
            "explain",
            "Say in words what a filter pattern matches, and why a line does or does not\n\n"
            + "With a line it ends with 0 if the line matches, 1 if not.\n\n"
            + "Examples:\n"
            + "  vigil pattern explain '[ip, user, ..., status = 4*, bytes > 1000]'\n"
            + "  vigil pattern explain '{ $.code = 404 && $.user NOT EXISTS }' '{\"code\":404,\"user\":null}'")
        {
            pattern, line
        };
        command.SetGuardedAction(async (parsed, _) =>
        {
            var read = PatternCommand.Parse(parsed.GetRequiredValue(pattern));
            var message = parsed.GetValue(line) is { } text ? Encoding.UTF8.GetBytes(text) : null;
            foreach (var part in PatternWords.Of(read.Tree))
            {
                await Console.Out.WriteLineAsync(Terminal.Harmless(Said(part, message)));
            }

            if (message is null)
            {
                return ExitCode.Done;
            }

            var isMatch = read.Matcher().Matches(message);
            await Console.Out.WriteLineAsync(isMatch ? "The line matches." : "The line does not match.");
            return isMatch ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    static string Said(PatternPart part, byte[]? message)
    {
        var words = new string(' ', part.Depth * 2) + part.Words;
        if (message is null)
        {
            return words;
        }

        return part.Holds?.Invoke(message) switch
        {
            true => $"yes  {words}{part.Found?.Invoke(message)}",
            false => $"no   {words}{part.Found?.Invoke(message)}",
            null => $"     {words}"
        };
    }
}
