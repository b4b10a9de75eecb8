using System.Text;
using Agent.Config.Expressions;
using Agent.Discovery;
using Agent.Events;
using Agent.Pipeline;
using CloudWatch.Matching;

namespace Agent.Tests.Support;

/// <summary>Values whose particulars do not matter to a test.</summary>
static class Some
{
    public static FilePosition Position { get; } = new()
    {
        Id = 1,
        SourcePath = "/var/log/secure",
        LogGroup = "group",
        LogStream = "stream",
        Identity = new(1, 2),
        BootId = "boot"
    };

    public static LogTarget Target { get; } = new("group", "stream", null, null);

    public static BytePattern Pattern(string written, string? timestampFormat = null) =>
        Expression.TryRead(written, timestampFormat, out var expression, out var fault)
            ? expression.Pattern
            : throw new ArgumentException(fault.What, nameof(written));

    /// <summary>A plan for one path.</summary>
    public static EntryPlan Plan(string path, string group = "group", string stream = "stream") =>
        new(Glob.Literal(path), group, stream, _ => (group, stream), _ => false);

    /// <summary>A batch whose memory says when it is given back.</summary>
    public static EventBatch Batch(long endBytes, int events = 1, bool isFull = false, Action? release = null) => new(
        [], events, endBytes - 1, Position with { OffsetBytes = endBytes }, isFull, release ?? (() => { }));

    /// <summary>A batch of log events at such times, each a byte of the file long, in memory of two pieces.</summary>
    public static EventBatch Events(params IReadOnlyList<(DateTimeOffset At, string Message)> events)
    {
        var starts = new EventStarts();
        var body = Encoding.UTF8.GetBytes(string.Join(',', events.Select(one =>
            $$"""{"timestamp":{{one.At.ToUnixTimeMilliseconds()}},"message":"{{one.Message}}"}""")));
        for (var i = 0; i < events.Count; i++)
        {
            starts.Add(i);
        }

        return Batch(events.Count, events.Count) with
        {
            StartBytes = 0,
            Segments = [body.AsMemory(0, 20), body.AsMemory(20)],
            FirstStamp = events[0].At.ToUnixTimeMilliseconds(),
            Starts = starts
        };
    }

    /// <summary>The body of a batch as text.</summary>
    public static string BodyOf(EventBatch batch) =>
        Encoding.UTF8.GetString([.. batch.Segments.SelectMany(part => part.ToArray())]);
}
