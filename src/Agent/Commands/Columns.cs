using Spectre.Console;

namespace Agent.Commands;

/// <summary>A table for a person at a terminal, and tab-separated lines for a pipe.</summary>
sealed class Columns(params string[] titles)
{
    readonly List<string[]> _rows = [];

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => cell ?? "-")]);

    /// <param name="whenEmpty">What to say where there is no row.</param>
    public void Print(string whenEmpty)
    {
        if (_rows.Count == 0)
        {
            Console.Error.WriteLine(whenEmpty);
        }
        else if (Console.IsOutputRedirected)
        {
            _rows.Prepend(titles).ToList().ForEach(row => Console.Out.WriteLine(string.Join('\t', row)));
        }
        else
        {
            PrintAligned();
        }
    }

    /// <summary>For a person, wherever it goes: the part of a text that is not for scripts.</summary>
    public void PrintAligned()
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(Markup.Escape(title)).NoWrap());
        }

        _rows.ForEach(row => table.AddRow(row.Select(cell => Markup.Escape(Terminal.Harmless(cell))).ToArray()));
        // A name that is cut into pieces cannot be copied: the terminal may wrap lines, the table must not.
        AnsiConsole.Profile.Width = 1000;
        AnsiConsole.Write(table);
    }
}
