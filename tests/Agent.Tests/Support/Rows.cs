using Microsoft.Data.Sqlite;

namespace Agent.Tests.Support;

/// <summary>A second connection to the positions' database: what is on disk, and what may befall it.</summary>
static class Rows
{
    public static string Database(string folder) => Path.Combine(folder, "positions.db");

    public static List<string> Query(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database(folder)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        }

        return rows;
    }
}
