using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Agent.Checkpoint;

/// <summary>The SQLite database of the positions and gaps, and all that can be the matter with it: it is made, brought
/// up to date, refused when it is newer, and moved aside when it is none any more. For one thread at a time.</summary>
sealed class PositionDatabase : IDisposable
{
    public const int CorruptCode = 11; // SQLITE_CORRUPT

    const string FileName = "positions.db";
    const int SchemaVersion = 6;
    const int ReadOnlyCode = 8; // SQLITE_READONLY
    const int FullCode = 13; // SQLITE_FULL
    const int CannotOpenCode = 14; // SQLITE_CANTOPEN
    const int NotADatabaseCode = 26; // SQLITE_NOTADB

    // Text instead of integers where SQLite has none wide enough: device, inode and hashes use all 64 bits.
    static readonly string[] Schema =
    [
        """
        CREATE TABLE position(
          id INTEGER PRIMARY KEY, source_path TEXT NOT NULL, log_group TEXT NOT NULL, log_stream TEXT NOT NULL,
          device TEXT NOT NULL, inode TEXT NOT NULL, boot_id TEXT NOT NULL, head TEXT NOT NULL,
          offset_bytes INTEGER NOT NULL, anchor TEXT NOT NULL, last_stamp INTEGER NOT NULL,
          is_finished INTEGER NOT NULL, seen_at INTEGER NOT NULL DEFAULT 0, cut_short TEXT,
          place TEXT) STRICT
        """,
        """
        CREATE TABLE gap(
          id INTEGER PRIMARY KEY, at TEXT NOT NULL, source_path TEXT NOT NULL, log_group TEXT NOT NULL,
          log_stream TEXT NOT NULL, device TEXT NOT NULL, inode TEXT NOT NULL, from_bytes INTEGER NOT NULL,
          to_bytes INTEGER, reason TEXT NOT NULL) STRICT
        """,
        "CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        DeadLetters,
        StateRows
    ];

    // Of a gap whose log events are kept. Without a body they are not kept any more.
    const string DeadLetters = """
        CREATE TABLE dead_letter(
          gap_id INTEGER PRIMARY KEY, events INTEGER NOT NULL, stored_bytes INTEGER NOT NULL, body BLOB) STRICT
        """;

    // What a room remembers beside the positions.
    const string StateRows = "CREATE TABLE state(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT";

    // What each version added to the one before. Rows keep their meaning: a new column has a value that says "unknown".
    static readonly string[] Migrations =
    [
        "ALTER TABLE position ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE position ADD COLUMN cut_short TEXT",
        DeadLetters,
        StateRows,
        "ALTER TABLE position ADD COLUMN place TEXT"
    ];

    readonly SqliteConnection _connection;

    PositionDatabase(string source, SqliteOpenMode mode) => _connection = new(
        new SqliteConnectionStringBuilder { DataSource = source, Pooling = false, Mode = mode }.ToString());

    /// <summary>Where it is in the state folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Opens it, or makes it, and brings it up to date.</summary>
    public static PositionDatabase Open(string path)
    {
        KeepPrivate(path);
        var database = new PositionDatabase(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            database._connection.Open();
            database.Prepare(path);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens it as it is, to look at it and no more.</summary>
    /// <exception cref="StateException">It is of another version.</exception>
    public static PositionDatabase OpenToRead(string path)
    {
        try
        {
            return OpenExisting(path, path, SqliteOpenMode.ReadOnly);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is CannotOpenCode or ReadOnlyCode
            && !File.Exists(path + "-wal"))
        {
            // Even to read, SQLite writes files beside it, which the user may not do here. No agent runs on it, so
            // that nothing changes while it is read (https://sqlite.org/uri.html: immutable).
            return OpenExisting(
                $"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1", path, SqliteOpenMode.ReadOnly);
        }
    }

    /// <summary>Opens it to change what an agent, which may run meanwhile, does not touch.</summary>
    /// <exception cref="StateException">It is of another version.</exception>
    public static PositionDatabase OpenToChange(string path) => OpenExisting(path, path, SqliteOpenMode.ReadWrite);

    static PositionDatabase OpenExisting(string source, string path, SqliteOpenMode mode)
    {
        var database = new PositionDatabase(source, mode);
        try
        {
            database._connection.Open();
            var version = database.Version;
            RefuseNewer(path, version);
            return version == SchemaVersion ? database : throw new StateException(
                version == 0
                    ? $"{path}: nothing is in it yet: the agent starts at this moment, or was ended when it did"
                    : $"{path}: written by an older vigil; the next start brings it up to date");
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static bool IsFull(SqliteException e) => e.SqliteErrorCode is FullCode;

    public static bool IsCorrupt(Exception e) =>
        e is SqliteException { SqliteErrorCode: CorruptCode or NotADatabaseCode }
            or FormatException or OverflowException or ArgumentOutOfRangeException or InvalidCastException;

    /// <returns>Where it is now.</returns>
    public static string MoveAside(string path)
    {
        var aside = path + ".corrupt";
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, aside + suffix, overwrite: true);
            }
        }

        return aside;
    }

    public SqliteTransaction Begin() => _connection.BeginTransaction();

    /// <param name="sql">A constant of the caller's, with names where values go.</param>
    public SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text is written in this room; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    public void Dispose() => _connection.Dispose();

    void Prepare(string path)
    {
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        if (Scalar("PRAGMA quick_check") is not "ok")
        {
            throw new SqliteException($"{path}: the database is damaged", CorruptCode);
        }

        var version = Version;
        RefuseNewer(path, version);
        if (version < SchemaVersion)
        {
            // One by one: of several statements in one text the provider tells no fault but the first one's.
            using var transaction = Begin();
            foreach (var step in version == 0 ? Schema : Migrations[(version - 1)..])
            {
                Execute(step, transaction);
            }

            Execute($"PRAGMA user_version = {SchemaVersion}", transaction);
            transaction.Commit();
        }
    }

    int Version => Convert.ToInt32(Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);

    // Dead letters hold what stood in logs that not everybody may read. What SQLite makes beside it is as private.
    static void KeepPrivate(string path)
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            using var made = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = Own
            });
            File.SetUnixFileMode(made.SafeFileHandle, Own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // SQLite meets the same, and says what it is
        }
    }

    static void RefuseNewer(string path, int version)
    {
        if (version > SchemaVersion)
        {
            throw new StateException(
                $"{path}: written by a newer vigil (schema {version}, this one knows {SchemaVersion}). Install that "
                + "version again, or choose another folder with --state and accept that lines are sent twice.");
        }
    }

    void Execute(string sql, SqliteTransaction? transaction = null)
    {
        using var command = Command(sql);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    object? Scalar(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar();
    }
}
