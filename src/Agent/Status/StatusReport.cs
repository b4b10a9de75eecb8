using System.Text.Json.Serialization;
using Agent.Events;

namespace Agent.Status;

/// <summary>What the agent does at one moment, or did when it was last running. Byte counts are offsets in a file;
/// times are UTC.</summary>
/// <param name="Status"><see cref="Running"/> or <see cref="Stopped"/>.</param>
/// <param name="Problems">What keeps lines from being delivered now; none when all is well.</param>
/// <param name="Gaps">What will never be delivered.</param>
sealed record StatusReport(
    string Status,
    string Version,
    string StateFolder,
    IReadOnlyList<Problem> Problems,
    IReadOnlyList<SourceStatus> Sources,
    GapSummary Gaps)
{
    public const string Running = "running";
    public const string Stopped = "stopped";

    /// <summary>Whether all readers told what they know.</summary>
    [JsonIgnore]
    public bool IsWhole { get; init; } = true;

    /// <summary>The process; null with all that follows when it is stopped.</summary>
    public ProcessStatus? Process { get; init; }

    /// <summary>Which configuration is in force; null when it is stopped.</summary>
    public ConfigurationStatus? Configuration { get; init; }

    /// <summary>What the service refused for good, and is kept.</summary>
    public DeadLetterSummary DeadLetters { get; init; } = new(0, 0, 0);

    /// <summary>What is kept of deleted files; null where nothing is to be.</summary>
    public SpoolStatus? Spool { get; init; }

    /// <summary>What is sent, by the credentials that sign it.</summary>
    public IReadOnlyList<SenderStatus> Senders { get; init; } = [];

    /// <summary>What the filters of each entry dropped.</summary>
    public IReadOnlyList<FilterStatus> Filters { get; init; } = [];

    /// <summary>Files that match and are not read, by choice.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; init; } = [];

    /// <summary>What is watched for on this host, and how it stands.</summary>
    public IReadOnlyList<AlarmStatus> Alarms { get; init; } = [];

    /// <summary>What was measured last of the host, a minute's each.</summary>
    public IReadOnlyList<Measurement> Measured { get; init; } = [];

    /// <summary>Disk that is not free though its files were deleted: they are held open until they are
    /// delivered.</summary>
    public long HeldBytes => Held.Sum(file => file.SizeBytes);

    /// <summary>How many such files there are.</summary>
    public int HeldFiles => Held.Count();

    public bool IsHealthy => Problems.Count == 0;

    IEnumerable<FileStatus> Held => Sources.SelectMany(source => source.Files).Where(file => file.IsHeld);
}

/// <param name="Path">The file, or the folder of files.</param>
/// <param name="ReadAt">When the one in force was read.</param>
/// <param name="Refusal">Why the one that was found there later is not in force; null when none was.</param>
sealed record ConfigurationStatus(string Path, DateTimeOffset ReadAt, string? Refusal)
{
    /// <summary>Whether it is about to come into force: what was read by the one before is delivered first, for some
    /// seconds.</summary>
    public bool IsBeingApplied { get; init; }
}

/// <summary>What came of a request to read the configuration again.</summary>
/// <param name="IsAccepted">Whether it is in force.</param>
/// <param name="Faults">What is wrong with it, a line each: warnings, where it is in force.</param>
sealed record ReloadAnswer(bool IsAccepted, IReadOnlyList<string> Faults)
{
    /// <summary>Whether something beside it was changed that only a new process takes over.</summary>
    public bool NeedsRestart { get; init; }
}

/// <summary>What is in the way.</summary>
/// <param name="Where">A file, a log stream, or the part of the agent.</param>
sealed record Problem(string Where, string What)
{
    /// <summary>Of which kind it is, for scripts: file, network, credentials, permission, throttling, service, state,
    /// configuration or notification.</summary>
    public string Cause { get; init; } = "";
}

/// <param name="BatchBytes">Memory in use for batches, of <paramref name="BatchBudgetBytes"/>.</param>
/// <param name="OpenFiles">Log files that are open, of <paramref name="MostOpenFiles"/> that may be.</param>
sealed record ProcessStatus(
    int Pid,
    DateTimeOffset StartedAt,
    string Endpoint,
    long ResidentBytes,
    long BatchBytes,
    long BatchBudgetBytes,
    int OpenFiles,
    int MostOpenFiles)
{
    /// <summary>The garbage collector's part.</summary>
    public HeapStatus Heap { get; init; } = new(0, 0, []);
}

/// <param name="Bytes">What is in it now.</param>
/// <param name="AllocatedBytes">What was allocated since the start.</param>
/// <param name="Collections">How many there were of each generation, the youngest first.</param>
sealed record HeapStatus(long Bytes, long AllocatedBytes, IReadOnlyList<int> Collections);

/// <summary>One configured path, or one match of a pattern.</summary>
/// <param name="Trouble">Why nothing is read; null while all is well.</param>
/// <param name="Files">The file at the path and those that were there before and are not done, oldest first.</param>
sealed record SourceStatus(
    string Path,
    string LogGroup,
    string LogStream,
    string? Trouble,
    IReadOnlyList<FileStatus> Files,
    EventCounts? Counts)
{
    /// <summary>Of all its files since the start, also of those that are read no more.</summary>
    public DeliveryTotals Totals { get; init; }
}

/// <summary>How far one file is.</summary>
/// <param name="Path">Its name now; null when it has none any more or nobody knows it.</param>
/// <param name="IsRotated">It is not at the source's path any more.</param>
/// <param name="SizeBytes">As last seen.</param>
/// <param name="DeliveredBytes">Everything before is resolved.</param>
sealed record FileStatus(
    string? Path,
    ulong Device,
    ulong Inode,
    bool IsRotated,
    long SizeBytes,
    long ReadBytes,
    long DeliveredBytes,
    DeliveryStatus? Delivery)
{
    /// <summary>Whether it was deleted, and takes disk only because it is held open.</summary>
    public bool IsHeld { get; init; }

    /// <summary>How long its oldest line waits that was read and is not delivered, in seconds; 0 when none does.
    /// </summary>
    public double BehindSeconds { get; init; }

    public long BehindBytes => Math.Max(0, SizeBytes - DeliveredBytes);
}

/// <summary>What was met on the way from bytes to log events, since the start.</summary>
/// <param name="SplitPieces">Pieces that continue an event too long for one.</param>
/// <param name="ReplacedSequences">Ill-formed sequences that became U+FFFD.</param>
/// <param name="NulBytes">NUL bytes that were left out.</param>
/// <param name="InheritedStamps">Events in which no timestamp was found, though a format is configured.</param>
/// <param name="BlankLines">Empty lines that are part of no event.</param>
sealed record EventCounts(
    long Events, long SplitPieces, long ReplacedSequences, long NulBytes, long InheritedStamps, long BlankLines);

/// <summary>One rule of an entry's filters.</summary>
/// <param name="Type">include or exclude.</param>
sealed record FilterStatus(string FilePath, string Type, string Expression, long DroppedEvents);

sealed record SkippedFile(string Path, string Reason);

/// <param name="Lost">How many records there are of bytes that were seen and are lost; <c>vigil gaps</c> lists them.
/// </param>
/// <param name="LostBytes">What they add up to.</param>
/// <param name="Possible">How many there are of a moment at which something may have been lost, though nothing was
/// seen.</param>
/// <param name="Last">When the last of both kinds was noticed.</param>
sealed record GapSummary(long Lost, long LostBytes, long Possible, DateTimeOffset? Last);

/// <param name="Files">Deleted files of which something is kept until it is delivered.</param>
/// <param name="DiskBytes">What that takes, compressed, of <paramref name="MostBytes"/>.</param>
sealed record SpoolStatus(int Files, long DiskBytes, long MostBytes);

/// <param name="Letters">How many records there are; <c>vigil deadletters</c> lists them.</param>
/// <param name="Events">Log events in all of them.</param>
/// <param name="StoredBytes">What they take on disk.</param>
sealed record DeadLetterSummary(long Letters, long Events, long StoredBytes);
