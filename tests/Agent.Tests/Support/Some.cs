using Agent.Discovery;
using Agent.Events;
using Agent.Pipeline;

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

    /// <summary>A plan for one path.</summary>
    public static EntryPlan Plan(string path, string group = "group", string stream = "stream") =>
        new(Glob.Literal(path), group, stream, _ => (group, stream), _ => false);

    /// <summary>A batch whose memory says when it is given back.</summary>
    public static EventBatch Batch(long endBytes, int events = 1, bool isFull = false, Action? release = null) => new(
        [], events, endBytes - 1, Position with { OffsetBytes = endBytes }, isFull, release ?? (() => { }));
}
