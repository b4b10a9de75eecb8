namespace Agent.Config;

public enum Severity
{
    /// <summary>The configuration is used; something in it does not do what its writer may expect.</summary>
    Warning,

    /// <summary>The configuration is not used.</summary>
    Error
}

/// <summary>One thing to put right.</summary>
/// <param name="Path">The key, such as <c>logs.force_flush_interval</c>; empty for the document as a whole.</param>
/// <param name="What">What was found and what is allowed.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Fault(Severity Severity, Place Place, string Path, string What, string Remedy)
{
    public override string ToString() =>
        Path.Length == 0 ? $"{Place}: {What}; {Remedy}" : $"{Place}: {Path}: {What}; {Remedy}";
}
