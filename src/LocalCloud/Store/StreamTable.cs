namespace LocalCloud.Store;

/// <summary>A log stream as it is stored. The times of events are null before the first one.</summary>
sealed record StreamRow(
    long Id, string Name, long Created, long? FirstEvent, long? LastEvent, long? LastIngested);

/// <summary>The log streams.</summary>
static class StreamTable
{
    /// <summary>What stands for the last event where there is none: older than any.</summary>
    public const long NoEvent = -1;

    const string Columns =
        "SELECT id, name, created, first_event, nullif(last_event, -1), last_ingested FROM streams ";

    public static StreamRow? Find(Connection connection, long groupId, string name)
    {
        var statement = connection.Prepare(Columns + "WHERE group_id = ? AND name = ?").Bind(0, groupId).Bind(1, name);
        if (!statement.Step())
            return null;

        var row = Row(statement);
        statement.Reset();
        return row;
    }

    public static void Add(Connection connection, long groupId, string name, long created) =>
        connection.Prepare("INSERT INTO streams(group_id, name, created) VALUES(?, ?, ?)")
            .Bind(0, groupId).Bind(1, name).Bind(2, created).Run();

    /// <summary>Takes the stream away at once; its events are left to the sweep.</summary>
    public static void Remove(Connection connection, long id)
    {
        connection.Prepare("INSERT INTO doomed_streams VALUES(?)").Bind(0, id).Run();
        connection.Prepare("DELETE FROM streams WHERE id = ?").Bind(0, id).Run();
    }

    /// <summary>The streams of a group from a name on (or down from it), in the order of names.</summary>
    /// <param name="name">Null for the last name, going down.</param>
    public static IEnumerable<StreamRow> ByName(Connection connection, long groupId, string? name, bool descending) =>
        Rows(!descending
            ? connection.Prepare(Columns + "WHERE group_id = ? AND name >= ? ORDER BY name")
                .Bind(0, groupId).Bind(1, name ?? "")
            : name is null
                ? connection.Prepare(Columns + "WHERE group_id = ? ORDER BY name DESC").Bind(0, groupId)
                : connection.Prepare(Columns + "WHERE group_id = ? AND name <= ? ORDER BY name DESC")
                    .Bind(0, groupId).Bind(1, name));

    /// <summary>The streams of a group from a last event on (or down from it), those without events counting as the
    /// oldest, and names in order among equals.</summary>
    public static IEnumerable<StreamRow> ByLastEvent(
        Connection connection, long groupId, (long LastEvent, string Name)? from, bool descending)
    {
        var start = from ?? (descending ? (long.MaxValue, "") : (NoEvent, ""));
        return Rows(connection.Prepare(Columns + (descending
                ? """
                  WHERE group_id = ? AND (last_event, name) <= (?, ?) ORDER BY last_event DESC, name DESC
                  """
                : """
                  WHERE group_id = ? AND (last_event, name) >= (?, ?) ORDER BY last_event, name
                  """))
            .Bind(0, groupId).Bind(1, start.Item1).Bind(2, start.Item2));
    }

    /// <summary>The name of a stream that still exists.</summary>
    public static string? NameOf(Connection connection, long id)
    {
        var statement = connection.Prepare("SELECT name FROM streams WHERE id = ?").Bind(0, id);
        if (!statement.Step())
            return null;

        var name = statement.Text(0);
        statement.Reset();
        return name;
    }

    /// <summary>Takes stored events into the stream's times and size.</summary>
    public static void Grow(Connection connection, long id, long first, long last, long ingested, long bytes) =>
        connection.Prepare(
            """
            UPDATE streams SET first_event = min(ifnull(first_event, ?1), ?1), last_event = max(last_event, ?2),
                last_ingested = ?3, stored_bytes = stored_bytes + ?4 WHERE id = ?5
            """)
            .Bind(0, first).Bind(1, last).Bind(2, ingested).Bind(3, bytes).Bind(4, id).Run();

    public static void Shrink(Connection connection, long id, long bytes) =>
        connection.Prepare("UPDATE streams SET stored_bytes = stored_bytes - ? WHERE id = ?")
            .Bind(0, bytes).Bind(1, id).Run();

    static IEnumerable<StreamRow> Rows(Statement statement)
    {
        try
        {
            while (statement.Step())
                yield return Row(statement);
        }
        finally
        {
            statement.Reset();
        }
    }

    static StreamRow Row(Statement statement) => new(
        statement.Long(0), statement.Text(1), statement.Long(2), statement.LongOrNull(3), statement.LongOrNull(4),
        statement.LongOrNull(5));
}
