using System.Globalization;
using Agent.Checkpoint;
using Agent.Events;
using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests.Support;

/// <summary>Looks into the state folder of an agent that has stopped or still runs.</summary>
static class State
{
    /// <summary>Where each gap begins and ends, and why.</summary>
    public static List<(long From, long? To, string Reason)> Gaps(TestFolder folder) =>
        GapRecords(folder).ConvertAll(gap => (gap.FromBytes, gap.ToBytes, gap.Reason));

    public static List<Gap> GapRecords(TestFolder folder)
    {
        using var connection = new SqliteConnection(
            $"Data Source={folder["state/positions.db"]};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT source_path, log_group, log_stream, device, inode, from_bytes, to_bytes, reason, at
            FROM gap ORDER BY id
            """;
        using var reader = command.ExecuteReader();
        var gaps = new List<Gap>();
        while (reader.Read())
        {
            gaps.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2),
                new(Number(reader.GetString(3)), Number(reader.GetString(4))), reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetInt64(6), reader.GetString(7),
                DateTimeOffset.Parse(reader.GetString(8), CultureInfo.InvariantCulture)));
        }

        return gaps;
    }

    public static List<FilePosition> Positions(TestFolder folder)
    {
        using var store = PositionStore.Open(folder["state"], out _);
        return store.ReadPositions();
    }

    static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
