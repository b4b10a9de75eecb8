using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>What an entry asks of the journal.</summary>
sealed record JournalPlan(JournalQuery Query, JournalFormat Format)
{
    /// <summary>Of the files that the process may open, for each entry: the journal has dozens, and libsystemd opens
    /// all.</summary>
    public const int Files = 64;

    /// <summary>The path that positions in the journal are kept under: no file's, since it has no folder.</summary>
    public const string Path = "journald";
}
