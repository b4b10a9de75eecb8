namespace Agent.Commands;

/// <summary>Colour for what a command prints, where it prints to a terminal and nobody forbids it.</summary>
static class Paint
{
    static readonly bool IsOn =
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };

    public static string Green(string text) => Coloured(text, 32);

    public static string Red(string text) => Coloured(text, 31);

    public static string Grey(string text) => Coloured(text, 90);

    static string Coloured(string text, int colour) => IsOn ? $"\e[{colour}m{text}\e[0m" : text;
}
