using System.Globalization;
using Agent.Native;
using Microsoft.Data.Sqlite;

namespace Agent.Commands;

/// <summary>How far another agent has read a file.</summary>
/// <param name="OffsetBytes">All before it is sent.</param>
/// <param name="Inode">Null where that agent knows files by their path alone.</param>
/// <param name="NotedAt">When it was so.</param>
sealed record ForeignPosition(string Path, long OffsetBytes, ulong? Inode, DateTimeOffset NotedAt)
{
    /// <summary>The CloudWatch agent's state files in a folder: the furthest offset, the path, and the ranges that were
    /// sent, on a line each. What follows the first gap was sent too and is sent again. Source: the CloudWatch agent's
    /// code.</summary>
    /// <param name="notes">Told of what is no such file.</param>
    public static List<ForeignPosition> InStateFolder(string folder, List<string> notes)
    {
        var found = new List<ForeignPosition>();
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            if (System.IO.Path.GetFileName(file).StartsWith("Amazon_CloudWatch_", StringComparison.Ordinal)
                || !FileFacts.TryOf(file, out var facts, out _) || facts.LengthBytes > 1 << 20)
            {
                continue; // of Windows events, or nobody's
            }

            if (File.ReadAllLines(file) is [var furthest, ['/', ..] path, ..] lines
                && OffsetIn(furthest, lines.ElementAtOrDefault(2)) is { } offset)
            {
                found.Add(new(path, offset, Inode: null, facts.Modified));
                if (WholeIn(furthest) > offset)
                {
                    notes.Add($"{path}: of what lies behind byte {offset} some was sent, and is sent again: up to byte "
                        + $"{furthest} there are gaps");
                }
            }
            else
            {
                notes.Add($"{file}: not understood, and left out: its log is read from the beginning");
            }
        }

        return found;
    }

    /// <summary>The files that Fluent Bit's tail remembers in a database. Source: Fluent Bit's code.</summary>
    /// <exception cref="UsageException">It is none: without it everything would be sent again.</exception>
    public static List<ForeignPosition> InDatabase(string path)
    {
        var found = new List<ForeignPosition>();
        try
        {
            var noted = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
            var text = new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false
            }.ToString();
            using var connection = new SqliteConnection(text);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT name, offset, inode FROM in_tail_files ORDER BY id";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                found.Add(new(
                    reader.GetString(0), reader.GetInt64(1), (ulong)reader.GetInt64(2), noted));
            }
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or InvalidOperationException)
        {
            throw new UsageException(
                $"{path}: how far Fluent Bit has read cannot be told: {e.Message} Mend that, or take DB out of its "
                + "configuration to begin where Read_from_Head says");
        }

        return found;
    }

    static long? OffsetIn(string? furthest, string? ranges)
    {
        if (ranges is not { Length: > 0 })
        {
            return WholeIn(furthest);
        }

        var end = 0L;
        foreach (var range in ranges.Split(',').Select(range => range.Split('-')))
        {
            if (range.Length != 2 || WholeIn(range[0]) is not { } from || WholeIn(range[1]) is not { } to || to < from)
            {
                return null;
            }

            if (from > end)
            {
                break;
            }

            end = Math.Max(end, to);
        }

        return end;
    }

    static long? WholeIn(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
