namespace Agent.Discovery;

/// <summary>Tells names that nobody appends to: packed files, and what Vigil itself writes.</summary>
/// <param name="stateFolder">Vigil's own: to ship what is in it would make more of it.</param>
sealed class LiveNames(string stateFolder)
{
    // The CloudWatch agent passes by .tar .zst .gz .zip .bz2 and .rar; as text the others are as useless.
    static readonly string[] PackedEnds =
        [".gz", ".zip", ".bz2", ".rar", ".tar", ".zst", ".xz", ".lz4", ".Z", ".lzma", ".tgz"];

    readonly string _own = Path.TrimEndingDirectorySeparator(stateFolder) + "/";

    public bool CanBeLive(string path) =>
        PackedEnd(path).Length == 0 && !path.StartsWith(_own, StringComparison.Ordinal);

    /// <summary>The ending that says that the file is packed, in whatever capitals; empty when there is none.</summary>
    public static ReadOnlySpan<char> PackedEnd(ReadOnlySpan<char> path)
    {
        foreach (var end in PackedEnds)
        {
            if (path.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            {
                return path[^end.Length..];
            }
        }

        return default;
    }
}
