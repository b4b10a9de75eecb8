namespace Agent.Commands;

/// <summary>What may be shown on a terminal. A log, a name or an answer may hold what an attacker wrote, and a terminal
/// obeys control characters.</summary>
static class Terminal
{
    /// <summary>The text with each control character but the tab shown as a dot.</summary>
    public static string Harmless(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && text.AsSpan().IndexOfAnyInRange('\u007f', '\u009f') < 0
            ? text
            : string.Create(text.Length, text, (target, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    target[i] = char.IsControl(source[i]) && source[i] != '\t' ? '·' : source[i];
                }
            });
}
