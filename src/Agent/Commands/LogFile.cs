using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace Agent.Commands;

/// <summary>A file that events are written to, a line each, in the CloudWatch agent's form. It takes 20 MiB; then it
/// makes room, and five older ones stay beside it. It is opened for each line, so that it may be moved away or deleted
/// at any time.</summary>
sealed class LogFile : ILogEventSink
{
    const long MostBytes = 20 << 20;
    const int MostOlder = 5;

    readonly Lock _lock = new();
    string? _path;
    bool _isFailing;

    /// <summary>Whether there is one.</summary>
    public bool IsUsed
    {
        get
        {
            lock (_lock)
            {
                return _path is not null && !_isFailing;
            }
        }
    }

    /// <summary>Goes on in another file.</summary>
    /// <param name="path">Null for none.</param>
    /// <returns>Why that cannot be written to; null when it can.</returns>
    public string? WriteTo(string? path)
    {
        lock (_lock)
        {
            _path = path;
            _isFailing = false;
            return path is null ? null : TryAppend("");
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            if (_path is null)
            {
                return;
            }

            var stamp = logEvent.Timestamp.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z' ", CultureInfo.InvariantCulture);
            var text = Terminal.Harmless(JournalFormat.MessageOf(logEvent).ReplaceLineEndings(" "));
            var wasFailing = _isFailing;
            if (TryAppend($"{stamp}{MarkOf(logEvent.Level)} {text}\n") is { } fault && !wasFailing)
            {
                Console.Error.WriteLine($"warning: agent.logfile: {fault}");
            }
        }
    }

    string? TryAppend(string line)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            if (File.Exists(_path) && new FileInfo(_path).Length + bytes.Length > MostBytes)
            {
                MakeRoom(_path);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path!))!);
            using var file = new FileStream(
                _path!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.Write(bytes);
            _isFailing = false;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            _isFailing = true;
            return $"{_path}: cannot be written to: {e.Message} The log goes to standard error until it can";
        }
    }

    static void MakeRoom(string path)
    {
        for (var number = MostOlder; number > 0; number--)
        {
            var older = number == 1 ? path : Older(path, number - 1);
            if (File.Exists(older))
            {
                File.Move(older, Older(path, number), overwrite: true);
            }
        }
    }

    static string Older(string path, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");

    static string MarkOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal or LogEventLevel.Error => "E!",
        LogEventLevel.Warning => "W!",
        LogEventLevel.Information => "I!",
        _ => "D!"
    };
}
