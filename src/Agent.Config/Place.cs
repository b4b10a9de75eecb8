namespace Agent.Config;

/// <summary>Where in the configuration something stands. Line and column count from 1, the column in characters as an
/// editor shows it; line 0 means the file as a whole.</summary>
public sealed record Place(string File, int Line = 0, int Column = 0)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
