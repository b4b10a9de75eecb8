namespace Agent.Tests.Support;

/// <summary>What one file holds, as the model knows it. A truncated file begins another one.</summary>
sealed class ModelContent
{
    /// <summary>Its lines, without line ends.</summary>
    public List<string> Lines { get; init; } = [];

    /// <summary>Whether the last line has no line end yet.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether an agent had a look at the file while it held this.</summary>
    public bool IsSeen { get; set; }

    /// <summary>Whether that is on disk: no kill makes the agent forget the file.</summary>
    public bool IsKnown { get; set; }

    public ModelContent Copy() => new() { Lines = [.. Lines], IsOpen = IsOpen, IsKnown = IsKnown };
}
