using Agent.Aws;
using Agent.Config.Model;
using Agent.Discovery;
using Agent.Events;
using Agent.Filter;
using Agent.Framing;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>One entry of the configuration in plain values: a pattern, where the lines of the files go that it
/// matches, and what is made of them.</summary>
/// <param name="Files">What a file's path looks like; a literal path is a pattern too.</param>
/// <param name="Group">The log group as configured, with its placeholders; as is <paramref name="Stream"/>.</param>
/// <param name="NamesOf">The log group and log stream of a file by its path.</param>
/// <param name="IsExcluded">Whether a file that matches is left out all the same.</param>
sealed record EntryPlan(
    Glob Files,
    string Group,
    string Stream,
    Func<string, (string Group, string Stream)> NamesOf,
    Func<string, bool> IsExcluded)
{
    /// <summary>STANDARD or INFREQUENT_ACCESS; null leaves it to the service.</summary>
    public string? Class { get; init; }

    /// <summary>Null leaves the group's retention alone.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>For a group that is made; null leaves it to the service.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>For a group that is made.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>What its events are of; null where nobody said.</summary>
    public Workload? Workload { get; init; }

    /// <summary>The role its events are sent as; null for the host's own credentials.</summary>
    public RoleToAssume? Role { get; init; }

    /// <summary>What it asks of the journal; null where it names files.</summary>
    public JournalPlan? Journal { get; init; }

    public FramingPlan Framing { get; init; } = new();

    public IReadOnlyList<FilterRule> Filters { get; init; } = [];

    /// <summary>After how long a quiet last event is over though its successor is not there yet.</summary>
    public TimeSpan EventTimeout { get; init; }

    /// <summary>After how long a last line is taken without its end; null waits for ever.</summary>
    public TimeSpan? PartialLineTimeout { get; init; }

    /// <summary>Whether all files that match are read, not only the newest.</summary>
    public bool TailsAll { get; init; }

    /// <summary>Whether what a file holds at the very first start is passed over.</summary>
    public bool StartsAtEnd { get; init; }

    /// <summary>Files that were not written to for so long are not begun; null begins any.</summary>
    public TimeSpan? IgnoreOlder { get; init; }

    /// <summary>Whether a file is deleted once it is delivered and another took its place.</summary>
    public bool RemovesFiles { get; init; }

    /// <summary>Whether a file is closed while what it holds finds no room.</summary>
    public bool ReleasesHandles { get; init; }

    /// <summary>What the configuration says of it; null where no configuration stands behind it.</summary>
    public CollectedFile? Configured { get; init; }

    /// <summary>The same of an entry of the journal.</summary>
    public CollectedJournal? ConfiguredJournal { get; init; }

    /// <summary>Whether another was made of an entry that says the same.</summary>
    public bool IsConfiguredAs(EntryPlan other) =>
        ((Configured is { } mine && other.Configured is { } its && mine.SaysTheSameAs(its))
            || (ConfiguredJournal is { } one && other.ConfiguredJournal is { } another && one.SaysTheSameAs(another)))
        && (Role, EventTimeout) == (other.Role, other.EventTimeout);

    /// <summary>Whether positions that are kept under a path may be of this entry.</summary>
    public bool IsOf(string path) => Journal is null ? Files.IsMatch(path) : Files.Text == path;

    /// <summary>Whether the entry names this file.</summary>
    public bool Covers(string path) => Files.IsMatch(path) && !IsExcluded(path);

    /// <summary>Names the destination: a file is read once for it.</summary>
    public string Destination => $"{Group}\n{Stream}";
}

/// <summary>One file by its path, and where its lines go.</summary>
/// <param name="LogGroup">With its placeholders, as is <paramref name="LogStream"/>.</param>
sealed record SourcePlan(string Path, string LogGroup, string LogStream, EntryPlan Entry)
{
    public static SourcePlan Of(EntryPlan entry, string path)
    {
        var (group, stream) = entry.NamesOf(path);
        return new(path, group, stream, entry);
    }

    /// <summary>A row of a finished file that is read on here, be it under another name.</summary>
    public FilePosition Adopt(FilePosition finished) => finished with
    {
        SourcePath = Path,
        LogGroup = LogGroup,
        LogStream = LogStream,
        IsFinished = false
    };

    /// <summary>The row of a file that is new here.</summary>
    public FilePosition NewPosition(SourceRoom room, FileIdentity identity) => new()
    {
        Id = room.NextId(),
        SourcePath = Path,
        LogGroup = LogGroup,
        LogStream = LogStream,
        Identity = identity,
        BootId = room.BootId
    };

    /// <summary>The same for a file that is open, of which some may be passed over.</summary>
    public FilePosition NewPosition(SourceRoom room, TailedFile file) => NewPosition(room, file.Identity) with
    {
        OffsetBytes = file.OffsetBytes,
        Anchor = file.Anchor
    };
}
