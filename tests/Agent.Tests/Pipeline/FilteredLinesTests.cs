using System.Text;
using Agent.Filter;
using Agent.Framing;
using Agent.Tests.Support;
using CloudWatch;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Lines that are passed over between those that are sent are in nobody's way.</summary>
public sealed class FilteredLinesTests : IAsyncDisposable
{
    static readonly FilterRule NoDebug = new(IsInclude: false, "^debug", Some.Pattern("^debug"));

    readonly TestFolder _folder = new();
    readonly ScriptedService _service = new();
    RunningSource? _source;

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>More than one batch's events, sent and passed over in runs of every length up to sixty.</summary>
    [Fact]
    public async Task NoneIsSentAndNoneIsMissingWhereverABatchEnds()
    {
        var lines = Enumerable.Range(0, 800).SelectMany(run =>
            Enumerable.Range(0, 1 + (run / 2 % 60)).Select(i => $"{(run % 2 == 0 ? "sent" : "debug")} {run} {i}"))
            .ToList();
        var source = Run(lines);

        var wanted = lines.Where(line => line.StartsWith("sent", StringComparison.Ordinal)).ToList();
        await source.UntilAsync(() => source.Delivered.Count >= wanted.Count && source.IsDrained);

        Assert.InRange(wanted.Count, Limits.BatchEvents + 1, 2 * Limits.BatchEvents);
        Assert.Equal(wanted.Order(StringComparer.Ordinal), source.Delivered.Order(StringComparer.Ordinal));
        Assert.Equal(lines.Count - wanted.Count, source.Entry.DroppedBy(0));
    }

    [Fact]
    public async Task AnEventThatIsRefusedIsNamedByItsOwnBytes()
    {
        string[] lines = ["sent 1", "debug", "sent 2", "sent 3", "debug", "debug", "poison", "debug", "sent 4"];
        _service.OnPut = batch => Task.FromResult(
            Some.BodyOf(batch).Contains("poison", StringComparison.Ordinal)
                ? Answers.Error("InvalidParameterException")
                : Answers.Ok());
        var source = Run(lines);

        await source.UntilAsync(() => source.Gaps.Count > 0 && source.IsDrained);

        var before = string.Join('\n', lines[..6]).Length + 1;
        var gap = Assert.Single(source.Gaps);
        Assert.Equal((before, before + "poison\ndebug\n".Length), (gap.FromBytes, gap.ToBytes));
        Assert.Equal(["sent 1", "sent 2", "sent 3", "sent 4"], source.Delivered.Order(StringComparer.Ordinal));
    }

    RunningSource Run(IEnumerable<string> lines)
    {
        _folder.Write("log", Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n"))));
        var plan = RunningSource.PlanOf(_folder["log"]) with
        {
            Filters = [NoDebug],
            Framing = new() { Start = EventStart.EveryLine }
        };
        return _source = new(
            plan, _folder["state"], new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_000_000)), _service);
    }
}
