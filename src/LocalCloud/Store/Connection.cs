using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Store;

/// <summary>A connection to the database with the statements it has prepared. One thread at a time.</summary>
sealed class Connection : IDisposable
{
    readonly SqliteConnection _connection;
    readonly Dictionary<string, Statement> _prepared = new(StringComparer.Ordinal);

    public Connection(string file)
    {
        // Pooling would keep the file open after the server has stopped, and its folder locked for nobody.
        _connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();

        // FULL: an answered PutLogEvents must survive a power cut, not only a kill. The checkpoint is rarer than
        // SQLite's 1,000 pages because a single full batch already touches several hundred.
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("PRAGMA wal_autocheckpoint=4000");
        Execute("PRAGMA cache_size=-16384");
        Execute("PRAGMA busy_timeout=5000");
    }

    /// <summary>The statement for an SQL text, prepared at its first use.</summary>
    public Statement Prepare(string sql)
    {
        ref var statement = ref CollectionsMarshal.GetValueRefOrAddDefault(_prepared, sql, out _);
        return statement ??= new(_connection.Handle!, sql);
    }

    /// <summary>Runs SQL that is too rare to be worth keeping prepared.</summary>
    public void Execute(string sql)
    {
        using var statement = new Statement(_connection.Handle!, sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>Runs work as one transaction: all of it is on the disk, or none.</summary>
    public T Transact<T>(Func<Connection, T> work)
    {
        Prepare("BEGIN IMMEDIATE").Run();
        try
        {
            var result = work(this);
            Prepare("COMMIT").Run();
            return result;
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Runs reads on one snapshot of the database, however many statements they take.</summary>
    public T Snapshot<T>(Func<Connection, T> work)
    {
        Prepare("BEGIN").Run();
        try
        {
            return work(this);
        }
        finally
        {
            Abandon();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    // A failed commit may have rolled back already (a full disk does), and a statement that threw may still be open.
    void Abandon()
    {
        foreach (var statement in _prepared.Values)
            statement.Reset();
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
            Prepare("ROLLBACK").Run();
    }
}
