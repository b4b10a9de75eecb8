namespace Agent.Events;

/// <summary>How far one file was delivered to one destination: a row of the checkpoint. Everything before
/// <see cref="OffsetBytes"/> is resolved, nothing after it is.</summary>
sealed record FilePosition
{
    /// <summary>The row's key. The rest is matched against files, never used as a key.</summary>
    public required long Id { get; init; }

    /// <summary>The configured path that the file was found at.</summary>
    public required string SourcePath { get; init; }

    /// <summary>The log group and log stream as configured, placeholders and all.</summary>
    public required string LogGroup { get; init; }

    public required string LogStream { get; init; }

    public required FileIdentity Identity { get; init; }

    /// <summary>Device numbers mean something only within one boot.</summary>
    public required string BootId { get; init; }

    /// <summary>The file's beginning, as far as it was known.</summary>
    public ContentPrint Head { get; init; }

    public long OffsetBytes { get; init; }

    /// <summary>What stands right before the offset.</summary>
    public ContentPrint Anchor { get; init; }

    /// <summary>The same place in what is no file, such as the journal's cursor; null in a file.</summary>
    public string? Place { get; init; }

    /// <summary>The last timestamp given to an event of this destination, in milliseconds since 1970, UTC.</summary>
    public long LastStamp { get; init; }

    /// <summary>When this was so, in milliseconds since 1970, UTC. What was written to a log's folder after it, and is
    /// known by no row, came while nobody looked.</summary>
    public long SeenAt { get; init; }

    /// <summary>The truncated file that this is a compressed copy of: how much of it the copy holds is known at its end
    /// only, and what it lacks is recorded then. Null when it is no such copy.</summary>
    public CutShort? CutShort { get; init; }

    /// <summary>Nothing more is expected of the file: it is not looked for at the next start.</summary>
    public bool IsFinished { get; init; }
}
