using System.Globalization;
using Agent.Events;
using Microsoft.Data.Sqlite;

namespace Agent.Checkpoint;

/// <summary>What was recorded as undelivered. Any thread may call.</summary>
/// <param name="held">Of the database, which is for one thread at a time.</param>
sealed class GapTable(PositionDatabase database, Lock held, LetterTable letters)
{
    const string Insert = """
        INSERT INTO gap(at, source_path, log_group, log_stream, device, inode, from_bytes, to_bytes, reason)
          VALUES($at, $path, $group, $stream, $device, $inode, $from, $to, $reason) RETURNING id
        """;

    const string Select = """
        SELECT source_path, log_group, log_stream, device, inode, from_bytes, to_bytes, reason, at, gap.id, events,
          stored_bytes FROM gap LEFT JOIN dead_letter ON gap_id = gap.id
        """;

    // What is kept is not lost.
    const string Sums = """
        SELECT COUNT(to_bytes), COALESCE(SUM(to_bytes - from_bytes), 0), COUNT(*) - COUNT(to_bytes), MAX(at)
          FROM gap LEFT JOIN dead_letter ON gap_id = gap.id WHERE stored_bytes IS NULL OR stored_bytes = 0
        """;

    /// <summary>Adds a record, as part of what is committed. The lock is held.</summary>
    public void Add(Gap gap, SqliteTransaction transaction)
    {
        using var command = database.Command(
            Insert, ("$at", gap.At.ToString("O", CultureInfo.InvariantCulture)), ("$path", gap.SourcePath),
            ("$group", gap.LogGroup), ("$stream", gap.LogStream), ("$device", Text(gap.Identity.Device)),
            ("$inode", Text(gap.Identity.Inode)), ("$from", gap.FromBytes),
            ("$to", gap.ToBytes is { } to ? to : DBNull.Value), ("$reason", gap.Reason));
        command.Transaction = transaction;
        var id = (long)command.ExecuteScalar()!;
        if (gap.DeadLetter is { } letter)
        {
            letters.Add(letter with { Id = id }, transaction);
        }
    }

    /// <summary>All of them, oldest first.</summary>
    public List<Gap> Read()
    {
        using var scope = held.EnterScope();
        using var command = database.Command(Select + " ORDER BY gap.id");
        using var reader = command.ExecuteReader();
        var gaps = new List<Gap>();
        while (reader.Read())
        {
            gaps.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2),
                new(Number(reader.GetString(3)), Number(reader.GetString(4))), reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetInt64(6), reader.GetString(7),
                DateTimeOffset.Parse(reader.GetString(8), CultureInfo.InvariantCulture))
            {
                DeadLetter = reader.IsDBNull(10)
                    ? null
                    : new(reader.GetInt64(9), reader.GetInt32(10), reader.GetInt64(11), null)
            });
        }

        return gaps;
    }

    /// <summary>How much of it is lost: what is kept as dead letters is not.</summary>
    /// <returns>The number of those with a known end and their bytes, the number of those without, and when the last
    /// was noticed.</returns>
    public (long Lost, long LostBytes, long Possible, DateTimeOffset? Last) Summarize()
    {
        using var scope = held.EnterScope();
        using var command = database.Command(Sums);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2),
            reader.IsDBNull(3) ? null : DateTimeOffset.Parse(reader.GetString(3), CultureInfo.InvariantCulture));
    }

    static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
