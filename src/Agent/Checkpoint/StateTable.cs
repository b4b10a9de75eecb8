using Agent.Events;
using Microsoft.Data.Sqlite;

namespace Agent.Checkpoint;

/// <summary>What a room remembers beside the positions, by keys of its own. Any thread may call.</summary>
/// <param name="held">Of the database, which is for one thread at a time.</param>
sealed class StateTable(PositionDatabase database, Lock held)
{
    /// <summary>Keeps or forgets a row, as part of what is committed. The lock is held.</summary>
    public void Set(StateRow row, SqliteTransaction transaction)
    {
        using var command = row.Value is { } value
            ? database.Command(
                "INSERT OR REPLACE INTO state VALUES($key, $value)", ("$key", row.Key), ("$value", value))
            : database.Command("DELETE FROM state WHERE key = $key", ("$key", row.Key));
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>All rows, in the order of their keys.</summary>
    public List<StateRow> Read()
    {
        using var scope = held.EnterScope();
        using var command = database.Command("SELECT key, value FROM state ORDER BY key");
        using var reader = command.ExecuteReader();
        var rows = new List<StateRow>();
        while (reader.Read())
        {
            rows.Add(new(reader.GetString(0), (byte[])reader.GetValue(1)));
        }

        return rows;
    }
}
