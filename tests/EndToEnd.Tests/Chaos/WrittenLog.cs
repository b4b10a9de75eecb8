using Agent.Events;
using Agent.Native;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Chaos;

/// <summary>Lines that exist nowhere any more, whether or not somebody read them before.</summary>
/// <param name="Identity">The file they were in.</param>
/// <param name="FirstLine">The number of the first, at <paramref name="FromBytes"/> of that file.</param>
/// <param name="EndLine">The number after the last.</param>
sealed record Destroyed(
    Rotation By, FileIdentity Identity, long FromBytes, int FirstLine, int EndLine, DateTimeOffset At);

/// <summary>The log of a run, written and rotated by one hand, which so knows what each rotation destroyed.</summary>
/// <param name="folder">Its folder; each rotated file keeps a name of its own.</param>
sealed class WrittenLog(TestFolder folder, Random dice) : IDisposable
{
    // What a daemon writes between the end of a copy and the truncation.
    const int MostLinesBetween = 2000;

    readonly string _path = folder["secure"];
    readonly SecureLog _log = new(folder["secure"]);
    readonly List<Destroyed> _destroyed = [];
    readonly Queue<string> _toCompress = [];
    int _rotations;

    public IReadOnlyList<Destroyed> Destroyed => _destroyed;

    public int Written => _log.Written;

    /// <summary>Whether the writer still writes to a file that was renamed: the next thing is to reopen.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>A rotated file that is to be compressed; null when there is none.</summary>
    public string? NextToCompress => _toCompress.TryDequeue(out var path) ? path : null;

    public void Append(int lines) => _log.Append(lines);

    public void Rotate(Rotation kind)
    {
        var target = folder[$"secure-{++_rotations:D5}"];
        switch (kind)
        {
            case Rotation.Rename or Rotation.RenameGzip:
                _log.Rename(target);
                break;
            case Rotation.RenameHeld:
                File.Move(_path, target);
                File.Create(_path).Dispose();
                IsHeld = true;
                break;
            case Rotation.Copytruncate or Rotation.CopytruncateGzip:
                CopyAndTruncate(kind, target);
                break;
            case Rotation.Delete:
                Destroy(kind, fromBytes: 0, _log.LengthBytes);
                _log.Delete();
                break;
        }

        if (kind is Rotation.RenameGzip or Rotation.CopytruncateGzip)
        {
            _toCompress.Enqueue(target);
        }
    }

    /// <summary>The writer has been told: it goes on in the new file.</summary>
    public void Reopen()
    {
        _log.Reopen();
        IsHeld = false;
    }

    public void Dispose() => _log.Dispose();

    void CopyAndTruncate(Rotation kind, string target)
    {
        File.Copy(_path, target);
        var copied = new FileInfo(target).Length;
        _log.Append(dice.Next(MostLinesBetween));
        Destroy(kind, copied, _log.LengthBytes);
        _log.Truncate();
    }

    void Destroy(Rotation kind, long fromBytes, long toBytes)
    {
        if (fromBytes == toBytes || !FileFacts.TryOf(_path, out var facts, out _))
        {
            return;
        }

        var lines = (int)((toBytes - fromBytes) / SecureLog.LineBytes);
        _destroyed.Add(new(
            kind, new(facts.Device, facts.Inode), fromBytes, _log.Written - lines, _log.Written,
            TimeProvider.System.GetUtcNow()));
    }
}
