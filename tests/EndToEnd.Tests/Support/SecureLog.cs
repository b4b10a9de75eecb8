using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EndToEnd.Tests.Support;

/// <summary>Writes lines of the form of /var/log/secure, each with a number of its own, as a syslog daemon would:
/// always to the end.</summary>
sealed class SecureLog(string path) : IDisposable
{
    const int ChunkLines = 2000;

    SafeFileHandle _file = Open(path);
    long _end;

    /// <summary>How many lines were written so far; the next one has this number.</summary>
    public int Written { get; private set; }

    public long LengthBytes => new FileInfo(path).Length;

    /// <summary>The line with a number: 121 characters with its line end.</summary>
    public static string Line(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"Nov 15 20:35:23 ip-10-10-20-20 sshd[{20000 + (number % 10000)}]: Failed password for invalid "
        + $"user u{number:D9} from 203.0.113.{(number % 200) + 10:D3} port {40000 + (number % 20000)}");

    /// <summary>The number of a line, or -1 where it is no line of this log.</summary>
    public static int NumberOf(string line)
    {
        var at = line.IndexOf(" user u", StringComparison.Ordinal);
        return at >= 0 && line.Length >= at + 16
            && int.TryParse(line.AsSpan(at + 7, 9), CultureInfo.InvariantCulture, out var number)
            && Line(number) == line
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
        _file.Dispose();
        _file = Open(path);
        _end = 0;
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
