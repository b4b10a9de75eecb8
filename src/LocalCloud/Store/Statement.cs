using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LocalCloud.Store;

/// <summary>A prepared statement, used one layer below SqliteCommand: there every message would need an array of its
/// own, both on the way in (a parameter's value) and out (GetFieldValue). Here it is copied straight between SQLite
/// and the request's or the answer's buffer.</summary>
/// <remarks>Parameters and columns count from 0. Not for two threads at once, as its connection.</remarks>
sealed class Statement(sqlite3 database, string sql) : IDisposable
{
    readonly sqlite3_stmt _statement = Prepare(database, sql);

    public Statement Bind(int parameter, long value) =>
        Checked(raw.sqlite3_bind_int64(_statement, parameter + 1, value));

    public Statement Bind(int parameter, long? value) => value is { } number
        ? Bind(parameter, number)
        : Checked(raw.sqlite3_bind_null(_statement, parameter + 1));

    public Statement Bind(int parameter, string? value) => Checked(value is null
        ? raw.sqlite3_bind_null(_statement, parameter + 1)
        : raw.sqlite3_bind_text(_statement, parameter + 1, value));

    public Statement Bind(int parameter, ReadOnlySpan<byte> value) =>
        Checked(raw.sqlite3_bind_blob(_statement, parameter + 1, value));

    /// <summary>Goes to the next row. At the end the statement is ready to be bound and run again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;

        Reset();
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(code, database);
        return false;
    }

    /// <summary>Runs a statement that has no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        Step();
        return raw.sqlite3_changes(database);
    }

    /// <summary>Gives up the remaining rows, and with them the snapshot that reading holds.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Whether the last step found a row, and no reset came since.</summary>
    public bool IsOnRow => raw.sqlite3_data_count(_statement) > 0;

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Good until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    Statement Checked(int code)
    {
        SqliteException.ThrowExceptionForRC(code, database);
        return this;
    }

    static sqlite3_stmt Prepare(sqlite3 database, string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        return statement;
    }
}
