using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Log events that metrics are made of are told to the service, and all others fare as ever.</summary>
public sealed class EmbeddedMetricsTests : IDisposable
{
    const string Metrics = """{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"Shop"}]},"Sales":3}""";

    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly ScriptedService _service = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain\n", false)]
    [InlineData("{\"a\":1}\n", false)]
    [InlineData("said \"CloudWatchMetrics\"\n", false)]
    [InlineData(Metrics + "\n", true)]
    [InlineData("plain\n" + Metrics + "\nplain\n", true)]
    public async Task ABatchThatHoldsOneIsMarked(string text, bool isMarked)
    {
        _folder.Write("log", text);
        await using var source = new RunningSource(_folder["log"], _folder["state"], _time, _service);
        await source.UntilAsync(() => source.Delivered.Count == text.Count(letter => letter == '\n'));

        Assert.Equal(isMarked, Assert.Single(_service.Sent).HasMetrics);

        _folder.Append("log", "more\n");
        await source.UntilAsync(() => source.Delivered.Contains("more"));
        Assert.False(_service.Sent[^1].HasMetrics);
    }
}
