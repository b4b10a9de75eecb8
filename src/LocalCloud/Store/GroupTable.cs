namespace LocalCloud.Store;

/// <summary>A log group as it is stored.</summary>
/// <param name="RetentionDays">Null where events never expire.</param>
sealed record GroupRow(
    long Id, string Name, long Created, long? RetentionDays, string Class, string? KmsKey, bool Protected)
{
    /// <summary>The oldest timestamp that is still to be shown.</summary>
    public long OldestShown(long nowMilliseconds) => RetentionDays is { } days
        ? nowMilliseconds - (days * (long)TimeSpan.FromDays(1).TotalMilliseconds)
        : 0;
}

/// <summary>The log groups.</summary>
static class GroupTable
{
    const string Columns = "SELECT id, name, created, retention_days, class, kms_key, protected FROM groups ";

    public static GroupRow? Find(Connection connection, string name)
    {
        var statement = connection.Prepare(Columns + "WHERE name = ?").Bind(0, name);
        if (!statement.Step())
            return null;

        var row = Row(statement);
        statement.Reset();
        return row;
    }

    /// <summary>The groups from a name on, in ASCII order.</summary>
    public static IEnumerable<GroupRow> From(Connection connection, string name)
    {
        var statement = connection.Prepare(Columns + "WHERE name >= ? ORDER BY name").Bind(0, name);
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

    /// <summary>Adds a group under a new id; the one in the row is not used.</summary>
    public static void Add(Connection connection, GroupRow row, IReadOnlyDictionary<string, string>? tags)
    {
        var id = connection.Prepare(
            "INSERT INTO groups(name, created, class, kms_key, protected) VALUES(?, ?, ?, ?, ?) RETURNING id")
            .Bind(0, row.Name).Bind(1, row.Created).Bind(2, row.Class).Bind(3, row.KmsKey)
            .Bind(4, row.Protected ? 1 : 0);
        id.Step();
        var groupId = id.Long(0);
        id.Reset();
        foreach (var (name, value) in tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            connection.Prepare("INSERT INTO tags VALUES(?, ?, ?)").Bind(0, groupId).Bind(1, name).Bind(2, value).Run();
        }
    }

    public static void SetRetention(Connection connection, long id, long? days) =>
        connection.Prepare("UPDATE groups SET retention_days = ? WHERE id = ?").Bind(0, days).Bind(1, id).Run();

    /// <summary>Takes the group away at once; its streams and events are left to the sweep.</summary>
    public static void Remove(Connection connection, long id)
    {
        connection.Prepare("INSERT INTO doomed_groups VALUES(?)").Bind(0, id).Run();
        connection.Prepare("DELETE FROM tags WHERE group_id = ?").Bind(0, id).Run();
        connection.Prepare("DELETE FROM groups WHERE id = ?").Bind(0, id).Run();
    }

    public static long StoredBytes(Connection connection, long id)
    {
        var statement = connection.Prepare("SELECT ifnull(sum(stored_bytes), 0) FROM streams WHERE group_id = ?")
            .Bind(0, id);
        statement.Step();
        var bytes = statement.Long(0);
        statement.Reset();
        return bytes;
    }

    static GroupRow Row(Statement statement) => new(
        statement.Long(0), statement.Text(1), statement.Long(2), statement.LongOrNull(3), statement.Text(4),
        statement.TextOrNull(5), statement.Long(6) != 0);
}
