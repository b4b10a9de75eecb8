namespace Agent.Tests.Support;

/// <summary>What one file holds, as the model knows it. A truncated file begins another one.</summary>
sealed class ModelContent
{
    /// <summary>Its lines, without line ends.</summary>
    public List<string> Lines { get; init; } = [];

    /// <summary>What tells apart the files that are no copies of each other.</summary>
    public object Origin { get; init; } = new();

    /// <summary>The origin of what the same file held before it was truncated.</summary>
    public object? CutFrom { get; set; }

    /// <summary>Whether it is a copy that lacks what was written to its log before that was truncated.</summary>
    public bool IsShort { get; set; }

    /// <summary>Whether the last line has no line end yet.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether an agent had a look at the file while it held this.</summary>
    public bool IsSeen { get; set; }

    /// <summary>Whether that is on disk: no kill makes the agent forget the file.</summary>
    public bool IsKnown { get; set; }

    public ModelContent Copy() => new() { Lines = [.. Lines], IsOpen = IsOpen, IsKnown = IsKnown, Origin = Origin };
}
