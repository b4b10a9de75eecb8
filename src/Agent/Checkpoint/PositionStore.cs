using System.Globalization;
using Agent.Events;
using Microsoft.Data.Sqlite;

namespace Agent.Checkpoint;

/// <summary>Positions and gaps on disk, in one SQLite database. A commit is on the platter when it returns
/// (write-ahead log, synchronous FULL). Any thread may call.</summary>
sealed class PositionStore : IDisposable
{
    const string UpsertPosition = """
        INSERT OR REPLACE INTO position VALUES(
          $id, $path, $group, $stream, $device, $inode, $boot, $head, $offset, $anchor, $stamp, $finished, $seen,
          $cut, $place)
        """;

    readonly Lock _lock = new();
    readonly PositionDatabase _database;
    readonly string _folder;

    PositionStore(PositionDatabase database, string folder)
    {
        _database = database;
        _folder = folder;
        Letters = new(database, _lock);
        Gaps = new(database, _lock, Letters);
        State = new(database, _lock);
    }

    /// <summary>What was recorded as undelivered.</summary>
    public GapTable Gaps { get; }

    /// <summary>What of it is kept.</summary>
    public LetterTable Letters { get; }

    /// <summary>What is remembered beside the positions.</summary>
    public StateTable State { get; }

    /// <summary>Opens the database in a folder, or makes it. One that is no database any more is moved aside, so that
    /// the agent starts all the same: lines are then sent again, none is lost.</summary>
    /// <param name="movedAside">Where the unreadable one is now; null when all was well.</param>
    public static PositionStore Open(string folder, out string? movedAside)
    {
        var path = PositionDatabase.PathIn(folder);
        movedAside = null;
        try
        {
            return OpenAt(path, folder);
        }
        catch (Exception e) when (PositionDatabase.IsCorrupt(e))
        {
            movedAside = PositionDatabase.MoveAside(path);
            return OpenAt(path, folder);
        }
        catch (SqliteException e) when (PositionDatabase.IsFull(e) && DiskReserve.Release(folder))
        {
            return OpenAt(path, folder);
        }
        catch (SqliteException e)
        {
            throw new StateException(
                $"{path}: the positions cannot be opened: {e.Message}. Check the disk and the folder's permissions, or "
                + "choose another folder with --state.", e);
        }
    }

    static PositionStore OpenAt(string path, string folder)
    {
        var store = new PositionStore(PositionDatabase.Open(path), folder);
        try
        {
            store.KeepReserve();
            store.ReadPositions(); // what cannot be read must be found now, while it can still be moved aside
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Looks at what an agent left, or writes at this moment, and changes nothing.</summary>
    /// <returns>Null where no agent ever ran on the folder.</returns>
    /// <exception cref="StateException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not enter the folder.</exception>
    public static T? LookInto<T>(string folder, Func<PositionStore, T> look)
        where T : class =>
        Use(folder, PositionDatabase.OpenToRead, look);

    /// <summary>Changes what an agent left, which may run meanwhile.</summary>
    /// <returns>Null where no agent ever ran on the folder.</returns>
    /// <exception cref="StateException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not enter the folder.</exception>
    public static T? Change<T>(string folder, Func<PositionStore, T> change)
        where T : class =>
        Use(folder, PositionDatabase.OpenToChange, change);

    static T? Use<T>(string folder, Func<string, PositionDatabase> open, Func<PositionStore, T> use)
        where T : class
    {
        var path = PositionDatabase.PathIn(folder);
        try
        {
            File.GetAttributes(path); // unlike File.Exists, this tells a folder that is closed from one that is empty
            using var store = new PositionStore(open(path), folder);
            return use(store);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (PositionDatabase.IsCorrupt(e))
        {
            throw new StateException(
                $"{path}: the database is damaged: {e.Message}. The next start moves it aside, and sends every file "
                + "again from its beginning", e);
        }
        catch (SqliteException e)
        {
            throw new StateException($"{path}: the positions cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All positions, oldest row first.</summary>
    public List<FilePosition> ReadPositions()
    {
        using var held = _lock.EnterScope();
        using var command = _database.Command("SELECT * FROM position ORDER BY id");
        using var reader = command.ExecuteReader();
        var positions = new List<FilePosition>();
        while (reader.Read())
        {
            positions.Add(new()
            {
                Id = reader.GetInt64(0),
                SourcePath = reader.GetString(1),
                LogGroup = reader.GetString(2),
                LogStream = reader.GetString(3),
                Identity = new(Number(reader.GetString(4)), Number(reader.GetString(5))),
                BootId = reader.GetString(6),
                Head = Print(reader.GetString(7)),
                OffsetBytes = reader.GetInt64(8),
                Anchor = Print(reader.GetString(9)),
                LastStamp = reader.GetInt64(10),
                IsFinished = reader.GetInt64(11) != 0,
                SeenAt = reader.GetInt64(12),
                CutShort = reader.IsDBNull(13) ? null : Cut(reader.GetString(13)),
                Place = reader.IsDBNull(14) ? null : reader.GetString(14)
            });
        }

        return positions.TrueForAll(IsPossible)
            ? positions
            : throw new FormatException("a position is out of all bounds");
    }

    /// <summary>Commits positions, gaps and what else is remembered together: either all of it is kept, or nothing. On
    /// a full disk the room that was set aside for it is used.</summary>
    /// <returns>How many dead letters had to be given up for it.</returns>
    public int Commit(
        IReadOnlyCollection<FilePosition> positions, IReadOnlyCollection<Gap> gaps,
        params IReadOnlyCollection<StateRow> rows)
    {
        try
        {
            return CommitOnce(positions, gaps, rows);
        }
        catch (SqliteException e) when (PositionDatabase.IsFull(e) && DiskReserve.Release(_folder))
        {
            return CommitOnce(positions, gaps, rows);
        }
    }

    /// <summary>Sets room aside for the day the disk is full.</summary>
    public void KeepReserve() => DiskReserve.Keep(_folder);

    /// <summary>Forgets rows for good. A disk that refuses is no reason to stop: it is tried again at the next
    /// start.</summary>
    public void Forget(IReadOnlyCollection<FilePosition> positions) => TryWrite(() =>
    {
        using var transaction = _database.Begin();
        foreach (var position in positions)
        {
            using var command = _database.Command("DELETE FROM position WHERE id = $id", ("$id", position.Id));
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    });

    int CommitOnce(
        IReadOnlyCollection<FilePosition> positions, IReadOnlyCollection<Gap> gaps,
        IReadOnlyCollection<StateRow> rows)
    {
        using var held = _lock.EnterScope();
        using var transaction = _database.Begin();
        foreach (var position in positions)
        {
            using var command = _database.Command(
                UpsertPosition, ("$id", position.Id), ("$path", position.SourcePath), ("$group", position.LogGroup),
                ("$stream", position.LogStream), ("$device", Text(position.Identity.Device)),
                ("$inode", Text(position.Identity.Inode)), ("$boot", position.BootId), ("$head", Text(position.Head)),
                ("$offset", position.OffsetBytes), ("$anchor", Text(position.Anchor)), ("$stamp", position.LastStamp),
                ("$finished", position.IsFinished ? 1L : 0L), ("$seen", position.SeenAt),
                ("$cut", position.CutShort is { } cut ? Text(cut) : DBNull.Value),
                ("$place", (object?)position.Place ?? DBNull.Value));
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }

        foreach (var gap in gaps)
        {
            Gaps.Add(gap, transaction);
        }

        foreach (var row in rows)
        {
            State.Set(row, transaction);
        }

        var givenUp = gaps.Any(gap => gap.DeadLetter is not null) ? Letters.Trim(transaction) : 0;
        transaction.Commit();
        return givenUp;
    }

    /// <summary>A small fact that outlives the process, such as the instance's id.</summary>
    public string? ReadFact(string name)
    {
        using var held = _lock.EnterScope();
        using var command = _database.Command("SELECT value FROM fact WHERE name = $name", ("$name", name));
        return command.ExecuteScalar() as string;
    }

    /// <summary>Keeps a fact for the next start. A disk that refuses is no reason to stop: the fact is asked for
    /// again then.</summary>
    public void KeepFact(string name, string value) => TryWrite(() =>
    {
        using var command = _database.Command(
            "INSERT OR REPLACE INTO fact VALUES($name, $value)", ("$name", name), ("$value", value));
        command.ExecuteNonQuery();
    });

    public void Dispose() => _database.Dispose();

    void TryWrite(Action write)
    {
        using var held = _lock.EnterScope();
        try
        {
            write();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is not PositionDatabase.CorruptCode)
        {
            return;
        }
    }

    static bool IsPossible(FilePosition position) =>
        position.OffsetBytes >= 0 && position.Head.LengthBytes is >= 0 and <= ContentPrint.HeadBytes
        && position.Anchor.LengthBytes is >= 0 and <= ContentPrint.AnchorBytes
        && position.Anchor.LengthBytes <= position.OffsetBytes;

    static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    static string Text(CutShort cut) =>
        string.Create(CultureInfo.InvariantCulture, $"{cut.File.Device}:{cut.File.Inode}:{cut.KnownBytes}");

    static CutShort Cut(string text) =>
        text.Split(':') is [var device, var inode, var known]
            ? new(new(Number(device), Number(inode)), long.Parse(known, CultureInfo.InvariantCulture))
            : throw new FormatException("a truncated file is not named as one");

    static string Text(ContentPrint print) =>
        string.Create(CultureInfo.InvariantCulture, $"{print.LengthBytes}:{print.High:x16}{print.Low:x16}");

    static ContentPrint Print(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new(
            int.Parse(text[..colon], CultureInfo.InvariantCulture),
            ulong.Parse(text.AsSpan(colon + 1, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(text.AsSpan(colon + 17, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
