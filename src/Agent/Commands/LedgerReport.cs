using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Agent.Commands;

/// <summary>Says what became of a run's lines: to a person while it lasts, and at its end to either.</summary>
sealed class LedgerReport(LedgerRun run, bool isJson)
{
    const int ShownNumbers = 10;

    readonly bool _isTerminal = !Console.IsErrorRedirected;

    /// <summary>One line that is written over; nothing where nobody watches.</summary>
    public void Progress(string text)
    {
        if (_isTerminal)
        {
            Console.Error.Write($"\r\u001b[K{text}");
        }
    }

    public void Print(int written, LedgerBalance balance)
    {
        Progress("");
        Console.Out.WriteLine(isJson ? Json(written, balance) : Text(written, balance));
    }

    static string Text(int written, LedgerBalance balance)
    {
        var text = new StringBuilder();
        Row(text, "written", written);
        Row(text, "arrived", written - balance.Missing.Count);
        Row(text, "lost", balance.Missing.Count);
        Row(text, "repeated", balance.Repeats);
        Row(text, "out of order", balance.OutOfOrder);
        if (balance.Strange > 0)
        {
            Row(text, "other", balance.Strange).Append("  (events with the run's id that are no line of it)");
        }

        if (balance.Missing.Count > 0)
        {
            text.AppendLine().Append("the first lost: ").AppendJoin(", ", balance.Missing.Take(ShownNumbers));
        }

        return text.ToString().Trim('\n');
    }

    static StringBuilder Row(StringBuilder text, string name, int count) =>
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"{name,-14}{count,12:N0}");

    string Json(int written, LedgerBalance balance)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("run", run.Id);
            json.WriteNumber("written", written);
            json.WriteNumber("arrived", written - balance.Missing.Count);
            json.WriteNumber("lost", balance.Missing.Count);
            json.WriteNumber("repeated", balance.Repeats);
            json.WriteNumber("out_of_order", balance.OutOfOrder);
            json.WriteNumber("other", balance.Strange);
            json.WriteStartArray("first_lost");
            foreach (var number in balance.Missing.Take(ShownNumbers))
            {
                json.WriteNumberValue(number);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
