using System.CommandLine;

namespace Agent.Commands;

/// <summary>Prints log events, one a line. Control characters of a log's text are shown as dots on a terminal: a log
/// may hold what an attacker typed, and a terminal would obey it.</summary>
sealed class EventPrinter(bool isPlain)
{
    readonly bool _isTerminal = !Console.IsOutputRedirected;

    public static Option<bool> PlainOption() => new("--plain") { Description = "Only the messages" };

    public void Print(long? timestamp, string? stream, string? message)
    {
        var text = _isTerminal ? Harmless(message ?? "") : message ?? "";
        if (isPlain)
        {
            Console.Out.WriteLine(text);
        }
        else if (stream is null)
        {
            Console.Out.WriteLine($"{Moment.Text(timestamp)}  {text}");
        }
        else
        {
            Console.Out.WriteLine($"{Moment.Text(timestamp)}  {stream}  {text}");
        }
    }

    static string Harmless(string text) =>
        string.Create(text.Length, text, (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) && source[i] != '\t' ? '·' : source[i];
            }
        });
}
