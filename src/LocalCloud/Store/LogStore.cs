using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Store;

/// <summary>The database of one server: one connection that writes, in turns, and others that read beside it. In WAL
/// mode a reader sees the last commit and neither waits for a writer nor makes one wait.</summary>
sealed class LogStore : IAsyncDisposable
{
    // Each reader holds a page cache; more callers than this wait their turn.
    const int MaxReaders = 8;

    readonly DataFolder _folder;
    readonly Connection _writer;
    readonly SemaphoreSlim _writing = new(1);
    readonly SemaphoreSlim _reading = new(MaxReaders);
    readonly ConcurrentBag<Connection> _readers = [];

    LogStore(DataFolder folder, Connection writer) => (_folder, _writer) = (folder, writer);

    /// <exception cref="LocalCloudException">The folder or the database in it cannot be used.</exception>
    public static LogStore Open(string dataFolder)
    {
        var folder = DataFolder.Take(dataFolder);
        try
        {
            return new(folder, OpenDatabase(folder.Database));
        }
        catch (SqliteException failed)
        {
            folder.Dispose();
            throw new LocalCloudException(
                $"The database {folder.Database} cannot be opened: {failed.Message} "
                + "Free disk space or restore the file; moved away, a new and empty one is made.", failed);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Runs work that writes, alone and as one transaction.</summary>
    public async Task<T> WriteAsync<T>(Func<Connection, T> work, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            return _writer.Transact(work);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Runs work that reads, on one snapshot.</summary>
    public async Task<T> ReadAsync<T>(Func<Connection, T> work, CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            return Read(work);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Waits for the reads and the write that are under way: each is short, and a connection closed under one
    /// would fail it half done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        for (var reader = 0; reader < MaxReaders; reader++)
            await _reading.WaitAsync();
        foreach (var reader in _readers)
            reader.Dispose();
        _writer.Dispose();
        _folder.Dispose();
        _writing.Dispose();
        _reading.Dispose();
    }

    T Read<T>(Func<Connection, T> work)
    {
        if (!_readers.TryTake(out var reader))
            reader = new(_folder.Database);
        try
        {
            return reader.Snapshot(work);
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    static Connection OpenDatabase(string file)
    {
        var connection = new Connection(file);
        try
        {
            Schema.Prepare(connection, file);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
