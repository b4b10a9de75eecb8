using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Agent.Native;
using Microsoft.Win32.SafeHandles;

namespace Agent.Commands;

/// <summary>Appends the lines of a run to a log as a syslog daemon would: opened for appending, whole lines in each
/// write, so that what others write to it meanwhile stays whole too.</summary>
sealed class LedgerWriter : IDisposable
{
    const int WriteOnly = 1; // O_WRONLY
    const int Append = 0x400; // O_APPEND
    const int Flags = WriteOnly | Append | Libc.NonBlocking | Libc.NoTerminal | Libc.CloseOnExec;
    const int ChunkLines = 500;

    readonly SafeFileHandle _file;
    readonly LedgerLine _line;
    readonly TimeProvider _time;

    LedgerWriter(SafeFileHandle file, LedgerLine line, TimeProvider time) => (_file, _line, _time) = (file, line, time);

    /// <summary>How many lines were written so far.</summary>
    public int Written { get; private set; }

    /// <exception cref="UsageException">It cannot be written to. It is never created: a log that nobody reads proves
    /// nothing.</exception>
    public static LedgerWriter Open(string path, LedgerLine line, TimeProvider time)
    {
        var fd = Libc.Open(path, Flags);
        var fault = fd < 0 ? FileFault.Of(Marshal.GetLastPInvokeError()) : default;
        var file = new SafeFileHandle(fd, ownsHandle: true);
        if (fd >= 0 && FileFacts.TryOf(file, out var facts, out fault) && facts.IsRegular)
        {
            return new(file, line, time);
        }

        file.Dispose();
        throw new UsageException(
            $"{path}: {fault.Text ?? FileFault.NotRegular.Text}; --source names the log that the agent ships");
    }

    /// <summary>Writes so many lines, evenly at a rate where one is asked for.</summary>
    public async Task WriteAsync(int lines, int? linesPerSecond, Action progressed, CancellationToken cancel)
    {
        var began = _time.GetTimestamp();
        while (Written < lines)
        {
            cancel.ThrowIfCancellationRequested();
            var chunk = Math.Min(lines - Written, ChunkOf(linesPerSecond));
            WriteChunk(chunk);
            progressed();
            if (linesPerSecond is { } rate && Written < lines)
            {
                var ahead = TimeSpan.FromSeconds((double)Written / rate) - _time.GetElapsedTime(began);
                await Task.Delay(ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero, _time, cancel);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    // Ten writes a second, where that does.
    static int ChunkOf(int? linesPerSecond) =>
        linesPerSecond is { } rate ? Math.Clamp(rate / 10, 1, ChunkLines) : ChunkLines;

    void WriteChunk(int lines)
    {
        // syslog pads the day with a blank, not with a zero (RFC 3164, 4.1.2).
        var now = _time.GetLocalNow();
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{now:MMM} {now.Day,2} {now:HH:mm:ss} ");
        var text = new StringBuilder();
        for (var number = Written; number < Written + lines; number++)
        {
            text.Append(stamp).Append(_line.Text(number)).Append('\n');
        }

        // Where a file is open for appending the kernel ignores the offset.
        RandomAccess.Write(_file, Encoding.ASCII.GetBytes(text.ToString()), fileOffset: 0);
        Written += lines;
    }
}
