namespace LocalCloud.Store;

/// <summary>The tables, and the version that says whether this program understands them.</summary>
/// <remarks>
/// Events lie in the order in which FilterLogEvents reads them: by group, then (timestamp, ingested, sequence), in one
/// b-tree without row ids, so that a scan of a group reads the disk forwards and no second tree holds the messages.
/// GetLogEvents finds the events of one stream through the index. Both trees grow almost only at their ends, since
/// new events are mostly the newest.
/// The sequence is the number of the put times 16,384 plus the event's place in it: unique for good, and with the
/// ingestion time before it also right after the clock was set back.
/// Deleted groups and streams lose their row at once and their events later, piece by piece (see Sweep); ids are
/// AUTOINCREMENT so that a new group never inherits what is left of an old one. A stream without events has -1 as its
/// last, not NULL: only so does a page of streams by last event begin in the index where the page before it ended.
/// </remarks>
static class Schema
{
    public const int Version = 1;

    static readonly string[] Tables =
    [
        """
        CREATE TABLE groups(
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
            retention_days INTEGER, class TEXT NOT NULL, kms_key TEXT, protected INTEGER NOT NULL)
        """,
        "CREATE TABLE tags(group_id INTEGER, name TEXT, value TEXT, PRIMARY KEY(group_id, name)) WITHOUT ROWID",
        """
        CREATE TABLE streams(
            id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL, name TEXT NOT NULL,
            created INTEGER NOT NULL, first_event INTEGER, last_event INTEGER NOT NULL DEFAULT -1,
            last_ingested INTEGER, stored_bytes INTEGER NOT NULL DEFAULT 0, UNIQUE(group_id, name))
        """,
        "CREATE INDEX streams_by_last_event ON streams(group_id, last_event, name)",
        """
        CREATE TABLE events(
            group_id INTEGER, timestamp INTEGER, ingested INTEGER, sequence INTEGER,
            stream_id INTEGER NOT NULL, message BLOB NOT NULL,
            PRIMARY KEY(group_id, timestamp, ingested, sequence)) WITHOUT ROWID
        """,
        "CREATE INDEX events_of_stream ON events(stream_id, timestamp, ingested, sequence)",
        "CREATE TABLE doomed_groups(id INTEGER PRIMARY KEY)",
        "CREATE TABLE doomed_streams(id INTEGER PRIMARY KEY)",
        "CREATE TABLE puts(only INTEGER PRIMARY KEY CHECK(only = 0), last INTEGER NOT NULL)",
        "INSERT INTO puts VALUES(0, 0)"
    ];

    /// <summary>Makes the tables in a new database.</summary>
    /// <exception cref="LocalCloudException">The database was made by a newer program.</exception>
    public static void Prepare(Connection connection, string file)
    {
        var found = VersionOf(connection);
        if (found > Version)
        {
            throw new LocalCloudException(
                $"The database {file} has version {found}, this program knows version {Version}. "
                + "Use the newer program that made it, or another data folder.");
        }

        if (found == 0)
            connection.Transact(Create);
    }

    static int Create(Connection connection)
    {
        foreach (var table in Tables)
            connection.Execute(table);
        connection.Execute($"PRAGMA user_version={Version}");
        return Version;
    }

    static long VersionOf(Connection connection)
    {
        var statement = connection.Prepare("PRAGMA user_version");
        statement.Step();
        var version = statement.Long(0);
        statement.Reset();
        return version;
    }
}
