using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace Agent.Commands;

/// <summary>Lets each kind of message through some dozens of times a minute, and counts the rest: once a minute it is
/// said how many there were. So no trouble, of however many files at once, fills the disk that the log is on.</summary>
sealed class RepeatLimit : ILogEventSink, IDisposable
{
    const int MostInOneMinute = 50;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly MessageTemplate Summary =
        new MessageTemplateParser().Parse("{Count} more in one minute of the kind: {Kind}");

    readonly IReadOnlyList<ILogEventSink> _sinks;
    readonly TimeProvider _time;
    readonly ITimer _timer;
    readonly Lock _lock = new();
    readonly Dictionary<string, Kind> _kinds = [];

    /// <summary>Messages of one template.</summary>
    sealed class Kind(long since, LogEventLevel level)
    {
        public long Since { get; } = since;
        public LogEventLevel Level { get; } = level;
        public int Count { get; set; }
    }

    public RepeatLimit(IReadOnlyList<ILogEventSink> sinks, TimeProvider time)
    {
        _sinks = sinks;
        _time = time;
        _timer = time.CreateTimer(_ => SumUp(Minute), null, Minute, Minute);
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_lock)
        {
            // Who asks for every batch gets every batch.
            if (logEvent.Level < LogEventLevel.Information || Count(logEvent) <= MostInOneMinute)
            {
                Pass(logEvent);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        SumUp(TimeSpan.Zero);
        foreach (var sink in _sinks.OfType<IDisposable>())
        {
            sink.Dispose();
        }
    }

    int Count(LogEvent logEvent)
    {
        var text = logEvent.MessageTemplate.Text;
        if (!_kinds.TryGetValue(text, out var kind))
        {
            _kinds[text] = kind = new(_time.GetTimestamp(), logEvent.Level);
        }

        return ++kind.Count;
    }

    // A kind whose minute is over begins anew with its next message.
    void SumUp(TimeSpan atLeast)
    {
        lock (_lock)
        {
            foreach (var (text, kind) in _kinds.Where(one => _time.GetElapsedTime(one.Value.Since) >= atLeast).ToList())
            {
                _kinds.Remove(text);
                if (kind.Count > MostInOneMinute)
                {
                    Pass(new(_time.GetLocalNow(), kind.Level, null, Summary,
                    [
                        new("Count", new ScalarValue(kind.Count - MostInOneMinute)),
                        new("Kind", new ScalarValue(text))
                    ]));
                }
            }
        }
    }

    void Pass(LogEvent logEvent)
    {
        foreach (var sink in _sinks)
        {
            sink.Emit(logEvent);
        }
    }
}
