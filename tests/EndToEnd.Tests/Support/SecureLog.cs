using System.Text;
using Agent.Commands;
using Microsoft.Win32.SafeHandles;

namespace EndToEnd.Tests.Support;

/// <summary>Writes lines of the form of /var/log/secure, each with a number of its own, as a syslog daemon would:
/// always to the end.</summary>
sealed class SecureLog(string path) : IDisposable
{
    const int ChunkLines = 2000;
    const string Stamp = "Nov 15 20:35:23 ";

    static readonly LedgerLine Form = new("u");

    SafeFileHandle _file = Open(path);
    long _end;

    /// <summary>How many lines were written so far; the next one has this number.</summary>
    public int Written { get; private set; }

    /// <summary>How long each line is, with its end.</summary>
    public static int LineBytes { get; } = Stamp.Length + Form.Text(0).Length + 1;

    public long LengthBytes => new FileInfo(path).Length;

    /// <summary>The line with a number: 121 characters with its line end.</summary>
    public static string Line(int number) => Stamp + Form.Text(number);

    /// <summary>The number of a line, or -1 where it is no line of this log.</summary>
    public static int NumberOf(string line)
    {
        var number = Form.NumberOf(line);
        return number >= 0 && line.Length == LineBytes - 1 && line.StartsWith(Stamp, StringComparison.Ordinal)
            ? number
            : -1;
    }

    public void Append(int lines)
    {
        var chunk = new StringBuilder(ChunkLines * 130);
        for (var end = Written + lines; Written < end; Written++)
        {
            chunk.Append(Line(Written)).Append('\n');
            if (chunk.Length > ChunkLines * 120)
            {
                Flush(chunk);
            }
        }

        Flush(chunk);
    }

    /// <summary>Renames the file and goes on in a new one, as logrotate does by default.</summary>
    public void Rename(string to)
    {
        File.Move(path, to);
        Reopen();
    }

    /// <summary>Goes on in the file that is at the path now, which is empty or not there.</summary>
    public void Reopen()
    {
        _file.Dispose();
        _file = Open(path);
        _end = 0;
    }

    /// <summary>Deletes the file and goes on in a new one.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(path);
        Reopen();
    }

    /// <summary>Cuts the file to nothing under its writer's feet.</summary>
    public void Truncate()
    {
        RandomAccess.SetLength(_file, 0);
        _end = 0;
    }

    public void Dispose() => _file.Dispose();

    void Flush(StringBuilder chunk)
    {
        var bytes = Encoding.UTF8.GetBytes(chunk.ToString());
        RandomAccess.Write(_file, bytes, _end);
        _end += bytes.Length;
        chunk.Clear();
    }

    static SafeFileHandle Open(string path) => File.OpenHandle(
        path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}
