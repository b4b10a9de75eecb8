using System.Globalization;
using System.Text;

namespace Agent.Config.Reading;

/// <summary>How a piece of the document is shown in a fault: on one line, short, and with nothing in it that a terminal
/// would obey or that would reorder the text.</summary>
static class Shown
{
    const int TextCharacters = 80;

    public static string Text(string text, int most = TextCharacters)
    {
        var shown = new StringBuilder("\"");
        foreach (var letter in text.Length <= most ? text : text.AsSpan(0, most))
            Append(shown, letter);

        return shown.Append('"').Append(text.Length <= most ? "" : "...").ToString();
    }

    /// <summary>One character, by its name where it has no ink.</summary>
    public static string Letter(Rune letter) => letter.Value switch
    {
        '\n' or '\r' => "a line break",
        '\t' => "a tab",
        ' ' => "a blank",
        '\'' => "a single quote",
        _ when HasInk(letter) => $"'{letter}'",
        _ => $"the character U+{letter.Value:X4}"
    };

    static void Append(StringBuilder shown, char letter)
    {
        if (letter is '"' or '\\')
            shown.Append('\\').Append(letter);
        else if (HasInk(CharUnicodeInfo.GetUnicodeCategory(letter)))
            shown.Append(letter);
        else
            shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
    }

    static bool HasInk(Rune letter) => HasInk(Rune.GetUnicodeCategory(letter));

    // Halves of a pair (Surrogate) pass: the tree holds whole pairs only.
    static bool HasInk(UnicodeCategory category) =>
        category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
