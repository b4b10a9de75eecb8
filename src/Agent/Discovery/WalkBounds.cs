namespace Agent.Discovery;

/// <summary>Where a walk ends, whatever others made on the disk. What lies behind a bound is a fault of the walk.
/// </summary>
/// <param name="Depth">How many folders down two stars look. Deeper trees are made by accident or in malice, and the
/// length of their paths makes each look dearer.</param>
/// <param name="Folders">How many folders are visited: about a second's work. Each is watched too, and older kernels
/// grant 8,192 watches.</param>
/// <param name="Files">How many files are found: some 60 MB.</param>
sealed record WalkBounds(int Depth, int Folders, int Files)
{
    public static WalkBounds Usual { get; } = new(Depth: 64, Folders: 32_768, Files: 200_000);
}
