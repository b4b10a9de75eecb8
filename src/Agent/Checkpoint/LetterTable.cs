using Agent.Events;
using Microsoft.Data.Sqlite;

namespace Agent.Checkpoint;

/// <summary>The log events that the service would not take. They are kept up to a size; beyond it the oldest are given
/// up, and their records stay among the gaps. Any thread may call.</summary>
/// <param name="held">Of the database, which is for one thread at a time.</param>
sealed class LetterTable(PositionDatabase database, Lock held)
{
    /// <summary>What they may take when nobody says otherwise, compressed.</summary>
    public const long DefaultCapBytes = 64 << 20;

    const string Insert = "INSERT INTO dead_letter VALUES($id, $events, $bytes, $body)";
    const string GiveUp = "UPDATE dead_letter SET body = NULL, stored_bytes = 0 WHERE gap_id = $id";
    const string Oldest = "SELECT gap_id, stored_bytes FROM dead_letter WHERE stored_bytes > 0 ORDER BY gap_id LIMIT 1";

    const string Totals = """
        SELECT COUNT(*), COALESCE(SUM(events), 0), COALESCE(SUM(stored_bytes), 0) FROM dead_letter
          WHERE stored_bytes > 0
        """;

    /// <summary>What they may take, compressed.</summary>
    public long CapBytes { get; set; } = DefaultCapBytes;

    /// <summary>Adds one, as part of what is committed. The lock is held.</summary>
    public void Add(DeadLetter letter, SqliteTransaction transaction)
    {
        using var command = database.Command(
            Insert, ("$id", letter.Id), ("$events", letter.Events), ("$bytes", letter.Body?.Length ?? 0),
            ("$body", letter.Body is { } body ? body : DBNull.Value));
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>Gives up the oldest while there are too many, as part of what is committed. The lock is held.</summary>
    /// <returns>How many.</returns>
    public int Trim(SqliteTransaction transaction)
    {
        var givenUp = 0;
        for (var stored = Sum(transaction).StoredBytes; stored > CapBytes; givenUp++)
        {
            var (id, bytes) = FindOldest(transaction);
            using var command = database.Command(GiveUp, ("$id", id));
            command.Transaction = transaction;
            command.ExecuteNonQuery();
            stored -= bytes;
        }

        return givenUp;
    }

    /// <summary>How many are kept, how many log events, and what they take on disk.</summary>
    public (long Letters, long Events, long StoredBytes) Summarize()
    {
        using var scope = held.EnterScope();
        return Sum();
    }

    /// <summary>Its log events as JSON, comma-separated.</summary>
    /// <returns>Null where they are not kept.</returns>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public byte[]? ReadBody(long id)
    {
        using var scope = held.EnterScope();
        using var command = database.Command("SELECT body FROM dead_letter WHERE gap_id = $id", ("$id", id));
        return command.ExecuteScalar() is byte[] body ? LetterBody.Unpack(body) : null;
    }

    /// <summary>Gives one up: its record stays.</summary>
    public void Drop(long id) => Execute(GiveUp, id);

    /// <summary>Some of its events were delivered: these are left.</summary>
    /// <param name="body">As <see cref="LetterBody.Pack"/> makes it.</param>
    public void Keep(long id, int events, byte[] body)
    {
        using var scope = held.EnterScope();
        using var command = database.Command(
            "UPDATE dead_letter SET events = $events, stored_bytes = $bytes, body = $body WHERE gap_id = $id",
            ("$id", id), ("$events", events), ("$bytes", body.Length), ("$body", body));
        command.ExecuteNonQuery();
    }

    /// <summary>One was delivered after all: it is no gap any more.</summary>
    public void Deliver(long id) => Execute(
        "BEGIN; DELETE FROM dead_letter WHERE gap_id = $id; DELETE FROM gap WHERE id = $id; COMMIT", id);

    void Execute(string sql, long id)
    {
        using var scope = held.EnterScope();
        using var command = database.Command(sql, ("$id", id));
        command.ExecuteNonQuery();
    }

    (long Letters, long Events, long StoredBytes) Sum(SqliteTransaction? transaction = null)
    {
        using var command = database.Command(Totals);
        command.Transaction = transaction;
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    (long Id, long Bytes) FindOldest(SqliteTransaction transaction)
    {
        using var command = database.Command(Oldest);
        command.Transaction = transaction;
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
