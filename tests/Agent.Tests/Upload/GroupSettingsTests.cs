using Agent.Tests.Support;
using Agent.Upload;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>A group's retention is put in order once, and never in the way of the log.</summary>
public sealed class GroupSettingsTests
{
    readonly ScriptedService _service = new();
    readonly CollectingLog _log = new();
    readonly FakeTimeProvider _time = new();
    readonly GroupSettings _settings;

    public GroupSettingsTests() => _settings = new(_service.CallAsync, new(() => 0.5), _time, _log);

    [Theory]
    [InlineData("""{"logGroupName":"group"}""", true)]
    [InlineData("""{"logGroupName":"group","retentionInDays":7}""", true)]
    [InlineData("""{"logGroupName":"group","retentionInDays":14}""", false)]
    [InlineData("""{"logGroupName":"group2","retentionInDays":14}""", true)]
    [InlineData("""{"logGroupName":"a","retentionInDays":7},{"logGroupName":"group","retentionInDays":14}""", false)]
    public async Task ARetentionIsPutOnlyWhereItIsAnother(string groups, bool isPut)
    {
        _service.OnCall = action => Task.FromResult(
            action == "DescribeLogGroups" ? Answers.Ok($$"""{"logGroups":[{{groups}}]}""") : Answers.Ok());

        await SettleAsync(days: 14);

        string[] expected = isPut ? ["DescribeLogGroups", "PutRetentionPolicy"] : ["DescribeLogGroups"];
        Assert.Equal(expected, _service.Actions);
        Assert.Equal(isPut ? ["Information: Log group group now keeps its events for 14 days"] : [], _log.Lines);
        Assert.True(!isPut || _service.Calls[1].Body == """{"logGroupName":"group","retentionInDays":14}""");
    }

    [Fact]
    public async Task AGroupIsSettledOnceARunHoweverManyStreamsItHas()
    {
        _service.OnCall = _ => Task.FromResult(Answers.Ok("""{"logGroups":[]}"""));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _settings.SettleAsync(
            new("group", $"stream-{i}", null, 14), TestContext.Current.CancellationToken)));

        Assert.Equal(["DescribeLogGroups", "PutRetentionPolicy"], _service.Actions);
    }

    [Fact]
    public async Task AGroupThatWasDeletedAndIsMadeAgainIsSettledAgain()
    {
        _service.OnCall = _ => Task.FromResult(Answers.Ok("""{"logGroups":[]}"""));
        await SettleAsync(days: 14);
        _settings.NoteMade("another");
        await SettleAsync(days: 14);
        Assert.Equal(2, _service.Calls.Count);

        _settings.NoteMade("group");
        await SettleAsync(days: 14);

        Assert.Equal(4, _service.Calls.Count);
    }

    [Fact]
    public async Task AGroupWithoutSettingsIsLeftAlone()
    {
        await SettleAsync(days: null);

        Assert.Empty(_service.Calls);
    }

    [Fact]
    public async Task AClassThatCannotBeChangedIsSaidAndNotTried()
    {
        _service.OnCall = _ => Task.FromResult(
            Answers.Ok("""{"logGroups":[{"logGroupName":"group","logGroupClass":"STANDARD"}]}"""));

        await _settings.SettleAsync(
            new("group", "stream", "INFREQUENT_ACCESS", null), TestContext.Current.CancellationToken);

        Assert.StartsWith("Warning: Log group group is of class STANDARD, not INFREQUENT_ACCESS",
            Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal(["DescribeLogGroups"], _service.Actions);
    }

    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("ThrottlingException")]
    public async Task ARefusalIsTriedFiveTimesAndSaidOnceWithTheRemedy(string error)
    {
        _service.OnCall = _ => Task.FromResult(Answers.Error(error));

        var settling = SettleAsync(days: 14);
        await Soon.IsAsync(() => settling.IsCompleted, _time, TimeSpan.FromSeconds(1));
        await settling;

        Assert.Equal(5, _service.Calls.Count);
        Assert.StartsWith($"Warning: The retention of log group group could not be set: {error}: because",
            Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatIsNoAnswerIsTriedAgain()
    {
        var tries = 0;
        _service.OnCall = _ => Interlocked.Increment(ref tries) switch
        {
            1 => Task.FromResult(Answers.Ok("<html>")),
            2 => throw new HttpRequestException("reset"),
            3 => throw new TimeoutException(),
            _ => Task.FromResult(Answers.Ok("""{"logGroups":[{"logGroupName":"group","retentionInDays":14}]}"""))
        };

        var settling = SettleAsync(days: 14);
        await Soon.IsAsync(() => settling.IsCompleted, _time, TimeSpan.FromSeconds(1));
        await settling;

        Assert.Equal(4, tries);
        Assert.Empty(_log.Lines);
    }

    Task SettleAsync(int? days) =>
        _settings.SettleAsync(new("group", "stream", null, days), TestContext.Current.CancellationToken);
}
