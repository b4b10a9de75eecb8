using System.Collections.Concurrent;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Files that stay open while the configuration changes, by the keys of their rows: the handle is the only
/// sure way to them, so whoever reads them next takes it over. Any thread may call.</summary>
sealed class HeldFiles : IDisposable
{
    readonly ConcurrentDictionary<long, TailedContent> _files = [];

    /// <summary>How many bytes nobody has read yet.</summary>
    public long UnreadBytes => _files.Values.Sum(file => Math.Max(0, file.KnownLengthBytes - file.OffsetBytes));

    public void Keep(long rowId, TailedContent file) => _files[rowId] = file;

    /// <summary>The file of a row; null when none is held.</summary>
    public TailedContent? Take(long rowId) => _files.TryRemove(rowId, out var file) ? file : null;

    /// <summary>Closes what nobody took.</summary>
    public void Dispose() => LetGo();

    /// <summary>Closes what is there: nobody reads it any more.</summary>
    public void LetGo()
    {
        foreach (var rowId in _files.Keys)
        {
            Take(rowId)?.Dispose();
        }
    }
}
