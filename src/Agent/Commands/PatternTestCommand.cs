using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using CloudWatch.Patterns;

namespace Agent.Commands;

/// <summary><c>vigil pattern test</c>: which lines a pattern matches, and what it reads out of them. It ends as grep
/// does: 0 if a line matched, 1 if none did, 2 if there is no such pattern or file.</summary>
static class PatternTestCommand
{
    /// <summary>As many as the service's console tries a pattern on.</summary>
    const int UsualLast = 50;

    public static Command Create()
    {
        var pattern = PatternCommand.Argument();
        var file = new Argument<string>("FILE")
        {
            Description = "The lines to try it on; - for standard input",
            DefaultValueFactory = _ => "-"
        };
        var last = new Option<int>("--last")
        {
            Description = "Try it on so many lines from the end; 0 for all",
            HelpName = "LINES",
            DefaultValueFactory = _ => UsualLast
        };
        var only = new Option<bool>("--matched") { Description = "Print only the lines that match" };
        var values = new Option<string[]>("--value")
        {
            Description = "Print what a selector finds, as a metric filter would: $.latency, $size, $3",
            HelpName = "SELECTOR"
        };
        var command = new Command(
            "test",
            "Print which lines a filter pattern matches\n\n"
            + "Ends with 0 if a line matched, 1 if none did, 2 if the pattern is not good.\n\n"
            + "Examples:\n"
            + "  vigil pattern test 'authentication failure' /var/log/secure\n"
            + "  vigil pattern test '[..., status = 4*, bytes]' --value '$bytes' access.log --last 0 --matched\n"
            + "  journalctl -o cat | vigil pattern test '{ $.level = \"error\" }'")
        {
            pattern, file, last, only, values
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var read = PatternCommand.Parse(parsed.GetRequiredValue(pattern));
            var selectors = (parsed.GetValue(values) ?? []).Select(Selector).ToList();
            var count = parsed.GetValue(last);
            if (count < 0)
            {
                throw new UsageException($"--last {count}: the number of lines is 0 for all, or more");
            }

            var trial = new Trial(read, selectors, parsed.GetValue(only));
            await using var lines = Open(parsed.GetRequiredValue(file));
            await foreach (var line in LinesFromTheEnd.ReadAsync(lines, count, cancel))
            {
                // What is no UTF-8 is shipped with replacement characters, and matched so.
                trial.Try(Utf8.IsValid(line) ? line : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line)));
            }

            await Console.Error.WriteLineAsync(
                trial.Tried < count || count == 0
                    ? $"{trial.Matched} of {trial.Tried} lines match"
                    : $"{trial.Matched} of the last {count} lines match; --last 0 tries all");
            return trial.Matched > 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    static ValueSelector Selector(string written) => ValueSelector.TryParse(written, out var selector, out var fault)
        ? selector
        : throw new UsageException($"--value {written}: {fault}");

    // A file that cannot be read is, as with grep, no answer to whether something matches.
    internal static Stream Open(string name)
    {
        try
        {
            return name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(name.Length == 0 ? "the name of the file is empty" : e.Message, e);
        }
    }

    /// <summary>Holds one line after the other against the pattern.</summary>
    sealed class Trial(FilterPattern pattern, List<ValueSelector> selectors, bool isMatchedOnly)
    {
        readonly PatternMatcher _matcher = pattern.Matcher(selectors);

        public int Tried { get; private set; }

        public int Matched { get; private set; }

        public void Try(byte[] line)
        {
            Tried++;
            var isMatch = _matcher.Matches(line);
            Matched += isMatch ? 1 : 0;
            if (isMatchedOnly && !isMatch)
            {
                return;
            }

            var text = Terminal.Harmless(Encoding.UTF8.GetString(line));
            Console.Out.WriteLine(
                isMatchedOnly ? text
                : isMatch ? $"{Paint.Green("match")}     {text}"
                : Paint.Grey($"no match  {text}"));
            if (isMatch)
            {
                PrintValues(line);
            }
        }

        void PrintValues(byte[] line)
        {
            foreach (var (name, value) in selectors.Count == 0 ? pattern.Tree.Extract(line) : Selected(line))
            {
                Console.Out.WriteLine(Terminal.Harmless($"            {name} = {value}"));
            }
        }

        IEnumerable<KeyValuePair<string, string>> Selected(byte[] line)
        {
            foreach (var (index, selector) in selectors.Index())
            {
                yield return new(
                    $"{selector}",
                    _matcher.TryGetValue(index, line, out var value)
                        ? Encoding.UTF8.GetString(value) : "(there is none, or it is neither a number nor a text)");
            }
        }
    }
}
