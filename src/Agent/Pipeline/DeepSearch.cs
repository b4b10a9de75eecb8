using Agent.Discovery;
using Agent.Events;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>What a deep search brought.</summary>
/// <param name="Found">Positions that go on in a compressed file.</param>
/// <param name="Lost">Positions whose file is nowhere, with a file that may hold it but cannot be read.</param>
/// <param name="Unseen">Files that came and went while nobody looked, oldest first, open at their beginning; null where
/// one cannot be read.</param>
/// <param name="Read">Files that looked as if they were among these, and hold what was read.</param>
sealed record Findings(
    IReadOnlyList<(Missing Missing, TailedContent File, string Path)> Found,
    IReadOnlyList<(Missing Missing, string? Unreadable)> Lost,
    IReadOnlyList<(TailedContent? File, Sibling Sibling)> Unseen,
    IReadOnlyList<Sibling> Read);

/// <summary>Looks into compressed files, and for rotated ones that nobody knows. It may decode gigabytes, so it runs
/// beside the reader's thread, which sees the outcome once it is there.</summary>
/// <param name="known">All that was ever read of this log: a file that holds no more is no news.</param>
/// <param name="unseen">Rotated files that are known by no row: they came while nobody looked, unless they hold what
/// is known.</param>
sealed class DeepSearch(
    string path, IReadOnlyList<Missing> missing, IReadOnlyList<FilePosition> known, IReadOnlyList<Sibling> unseen,
    IReadOnlyList<Sibling> beside)
{
    /// <summary>The clock that stamps files lags behind the one that is asked, by up to a tick.</summary>
    const long SlackMilliseconds = 1000;

    Findings? _findings;
    Exception? _fault;

    /// <summary>The outcome; null while it is not there yet.</summary>
    /// <exception cref="AggregateException">It failed in a way that nobody foresaw.</exception>
    public Findings? Outcome =>
        Volatile.Read(ref _fault) is { } fault ? throw new AggregateException(fault) : Volatile.Read(ref _findings);

    /// <summary>Rotated files that came to be since and are not known.</summary>
    /// <param name="rotated">Those that lie beside the log and have a name that rotation gives.</param>
    /// <param name="since">In milliseconds since 1970, UTC.</param>
    /// <param name="isKnown">Whether a file is read already, or was, going by device and inode.</param>
    public static List<Sibling> UnseenAmong(
        IEnumerable<Sibling> rotated, long since, Func<Sibling, bool> isKnown) =>
    [
        .. rotated.Where(sibling => CameAt(sibling).ToUnixTimeMilliseconds() + SlackMilliseconds >= since
            && !isKnown(sibling))
    ];

    // A compressed file is made long after the log that is in it, whose time it keeps.
    static DateTimeOffset CameAt(Sibling sibling) =>
        RotatedName.IsCompressed(sibling.Path) ? sibling.Facts.Modified : sibling.Facts.Born ?? sibling.Facts.Modified;

    public static bool IsGzip(Sibling sibling) => sibling.Path.EndsWith(".gz", StringComparison.Ordinal);

    /// <summary>Starts it; <paramref name="wake"/> is called at its end.</summary>
    public void Start(Action wake, CancellationToken cancel) => _ = Task.Run(
        () =>
        {
            try
            {
                Volatile.Write(ref _findings, Search(cancel));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                // The reader's thread meets it when it asks for the outcome, and the agent ends.
                Volatile.Write(ref _fault, e);
            }

            wake();
        },
        CancellationToken.None);

    Findings Search(CancellationToken cancel)
    {
        var found = new List<(Missing, TailedContent, string Path)>();
        var lost = new List<(Missing, string?)>();
        var compressed = beside.Where(IsGzip)
            .OrderByDescending(sibling => RotatedName.Is(sibling.Path, path))
            .ThenByDescending(sibling => sibling.Facts.Modified)
            .ToList();
        foreach (var one in missing)
        {
            if (FindIn(compressed, one.Position, cancel) is { } match)
            {
                compressed.RemoveAll(sibling => sibling.Path == match.Path);
                found.Add((one, match.File, match.Path));
            }
            else
            {
                lost.Add((one, Unreadable(one.Position)));
            }
        }

        var taken = found.Select(one => one.Path).ToHashSet();
        var rotated = unseen
            .Where(sibling => !taken.Contains(sibling.Path))
            .OrderBy(sibling => sibling.Facts.Modified)
            .ToLookup(sibling => known.Any(row => Holds(sibling, row, cancel)));
        return new(
            found, lost, [.. rotated[false].Where(one => !IsCopyInTheMaking(one)).Select(one => (Open(one), one))],
            [.. rotated[true]]);
    }

    static (GzipFile File, string Path)? FindIn(
        List<Sibling> compressed, FilePosition position, CancellationToken cancel)
    {
        foreach (var sibling in compressed)
        {
            if (GzipFile.TryResume(sibling.Path, position, cancel) is { } file)
            {
                return (file, sibling.Path);
            }
        }

        return null;
    }

    // Null where it cannot be read.
    static TailedContent? Open(Sibling sibling) =>
        IsGzip(sibling) ? GzipFile.TryOpen(sibling.Path, out _)
        : RotatedName.IsCompressed(sibling.Path) ? null
        : TailedFile.TryOpen(sibling.Path, out _);

    static bool Holds(Sibling sibling, FilePosition row, CancellationToken cancel)
    {
        // A row of which nothing was delivered makes nothing known.
        if (row.OffsetBytes == 0 || row.Head.LengthBytes == 0)
        {
            return false;
        }

        using TailedContent? file = IsGzip(sibling)
            ? GzipFile.TryResume(sibling.Path, row, cancel)
            : TailedFile.TryResume(sibling.Path, row, out _, out _);
        return file is not null;
    }

    // Of the log as it is now, which may be truncated next: then it is found as its copy.
    bool IsCopyInTheMaking(Sibling sibling)
    {
        if (sibling.Facts.LengthBytes == 0 || RotatedName.IsCompressed(sibling.Path))
        {
            return false;
        }

        using var log = TailedFile.TryOpen(path, out _);
        using var copy = TailedFile.TryOpen(sibling.Path, out _);
        return log is not null && copy is not null && copy.Identity != log.Identity
            && copy.KnownLengthBytes <= log.KnownLengthBytes && copy.HoldsTheSameAs(log, copy.KnownLengthBytes);
    }

    // Rotated since the position was kept, and compressed in a form that is not read.
    string? Unreadable(FilePosition position) => beside
        .FirstOrDefault(sibling => RotatedName.IsCompressed(sibling.Path) && !IsGzip(sibling)
            && RotatedName.Is(sibling.Path, path)
            && sibling.Facts.Modified.ToUnixTimeMilliseconds() + SlackMilliseconds >= position.SeenAt)?.Path;
}
