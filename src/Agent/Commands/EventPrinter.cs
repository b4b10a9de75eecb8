using System.CommandLine;

namespace Agent.Commands;

/// <summary>Prints log events, one a line; as they are where a program reads them.</summary>
sealed class EventPrinter(bool isPlain)
{
    readonly bool _isTerminal = !Console.IsOutputRedirected;

    public static Option<bool> PlainOption() => new("--plain") { Description = "Only the messages" };

    public void Print(long? timestamp, string? stream, string? message)
    {
        var text = Shown(message ?? "");
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
            Console.Out.WriteLine($"{Moment.Text(timestamp)}  {Shown(stream)}  {text}");
        }
    }

    string Shown(string text) => _isTerminal ? Terminal.Harmless(text) : text;
}
