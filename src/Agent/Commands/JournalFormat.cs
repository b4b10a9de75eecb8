using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Agent.Commands;

/// <summary>One line an event, in the taste of whoever reads it: the journal knows the time itself and takes the
/// priority from a prefix (sd-daemon(3)), a person at a terminal wants both written out.</summary>
sealed class JournalFormat(bool isForJournal, bool isColoured) : ITextFormatter
{
    /// <summary>The format for where standard error goes now.</summary>
    public static JournalFormat ForStandardError() => new(
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 },
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 });

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (isForJournal)
        {
            output.Write($"<{Priority(logEvent.Level)}>");
        }
        else
        {
            output.Write(logEvent.Timestamp.ToString("HH:mm:ss ", CultureInfo.InvariantCulture));
            output.Write(Name(logEvent.Level));
        }

        // A line break inside would make two journal entries of one, the second without its priority.
        output.WriteLine(Terminal.Harmless(MessageOf(logEvent).ReplaceLineEndings(" ")));
    }

    /// <summary>The text of an event.</summary>
    public static string MessageOf(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken { PropertyName: var name }
                && logEvent.Properties.TryGetValue(name, out var value) && value is ScalarValue { Value: string plain })
            {
                text.Write(plain);
            }
            else
            {
                token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
            }
        }

        if (logEvent.Exception is { } exception)
        {
            text.Write($" ({exception.GetType().Name}: {exception.Message})");
        }

        return text.ToString();
    }

    static int Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7
    };

    string Name(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal or LogEventLevel.Error => isColoured ? "\e[31merror\e[0m " : "error ",
        LogEventLevel.Warning => isColoured ? "\e[33mwarn\e[0m  " : "warn  ",
        LogEventLevel.Information => "",
        _ => "debug "
    };
}
