using Agent.Checkpoint;
using Agent.Events;
using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests.Support;

/// <summary>Looks into the state folder of an agent that has stopped or still runs.</summary>
static class State
{
    public static List<(long From, long? To, string Reason)> Gaps(TestFolder folder)
    {
        var database = folder["state/positions.db"];
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT from_bytes, to_bytes, reason FROM gap ORDER BY id";
        using var reader = command.ExecuteReader();
        var gaps = new List<(long, long?, string)>();
        while (reader.Read())
        {
            gaps.Add((reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt64(1), reader.GetString(2)));
        }

        return gaps;
    }

    public static List<FilePosition> Positions(TestFolder folder)
    {
        using var store = PositionStore.Open(folder["state"], out _);
        return store.ReadPositions();
    }
}
