using System.Collections.Concurrent;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Deleted files that stay open while the configuration changes, by the keys of their rows: the handle is the
/// only way to them, so whoever reads them next takes it over. Any thread may call.</summary>
sealed class HeldFiles : IDisposable
{
    readonly ConcurrentDictionary<long, TailedFile> _files = [];

    /// <summary>How many bytes nobody has read yet.</summary>
    public long UnreadBytes => _files.Values.Sum(file => Math.Max(0, file.KnownLengthBytes - file.OffsetBytes));

    public void Keep(long rowId, TailedFile file) => _files[rowId] = file;

    /// <summary>The file of a row; null when none is held.</summary>
    public TailedFile? Take(long rowId) => _files.TryRemove(rowId, out var file) ? file : null;

    /// <summary>Closes what nobody took.</summary>
    public void Dispose()
    {
        foreach (var rowId in _files.Keys)
        {
            Take(rowId)?.Dispose();
        }
    }
}
