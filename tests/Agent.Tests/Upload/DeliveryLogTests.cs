using Agent.Tests.Support;
using Agent.Upload;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>An outage is said, and does not fill the journal that it is to be found in; nor do thousands of files.
/// </summary>
public sealed class DeliveryLogTests
{
    const string Kept = "The lines are kept in their file and tried again";

    readonly FakeTimeProvider _time = new();
    readonly CollectingLog _lines = new();
    readonly DeliveryLog _log;
    readonly Trouble _trouble;

    public DeliveryLogTests()
    {
        _log = new(_time, _lines);
        _trouble = new(_time, _log);
    }

    [Fact]
    public void TroubleIsSaidAtOnceThenOnceAMinuteThenThatItIsOver()
    {
        for (var second = 0; second <= 120; second++)
        {
            _trouble.Meet(Some.Target, new(Verdict.RetrySoon, Fault: "refused"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _trouble.Over(Some.Target);

        Assert.Equal(
        [
            $"Warning: Cannot deliver to group/stream: refused (tried 1 times). {Kept}",
            $"Warning: Cannot deliver to group/stream: refused (tried 61 times). {Kept}",
            $"Warning: Cannot deliver to group/stream: refused (tried 121 times). {Kept}",
            "Information: Delivering to group/stream again after 121 s and 121 failed tries"
        ], _lines.Lines);
    }

    [Fact]
    public void WhereThereWasNoTroubleNothingIsOver()
    {
        _trouble.Over(Some.Target);

        Assert.Empty(_lines.Lines);
    }

    [Fact]
    public void TheNextTroubleIsSaidAtOnceAgain()
    {
        _trouble.Meet(Some.Target, new(Verdict.RetrySoon, Fault: "refused"));
        _trouble.Over(Some.Target);
        _trouble.Meet(Some.Target, new(Verdict.RetrySoon, Fault: "reset"));

        Assert.Equal(3, _lines.Lines.Count);
        Assert.Contains("reset (tried 1 times)", _lines.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void AnOutageThatThousandsOfFilesMeetIsSaidOnceForTheirLogStream()
    {
        var troubles = Enumerable.Range(0, 5000).Select(_ => new Trouble(_time, _log)).ToList();
        troubles.ForEach(one => one.Meet(Some.Target, new(Verdict.RetrySoon, Fault: "refused")));
        troubles.ForEach(one => Assert.Equal(1, one.Current?.Tries));
        troubles.ForEach(one => one.Over(Some.Target));

        Assert.Equal(
        [
            $"Warning: Cannot deliver to group/stream: refused (tried 1 times). {Kept}",
            "Information: Delivering to group/stream again after 0 s and 5000 failed tries"
        ], _lines.Lines);
    }

    [Fact]
    public void TheTroubleOfAnotherLogStreamIsSaidToo()
    {
        _trouble.Meet(Some.Target, new(Verdict.RetrySoon, Fault: "refused"));
        new Trouble(_time, _log).Meet(Some.Target with { Stream = "other" }, new(Verdict.RetrySoon, Fault: "denied"));

        Assert.StartsWith("Warning: Cannot deliver to group/other: denied", _lines.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void OfThousandsOfFilesThatArriveTheFirstAreSaidOneByOne()
    {
        for (var i = 1; i <= 5000; i++)
        {
            _log.Arrived($"/log/{i}", Some.Target);
        }

        _log.Arrived("/log/other", Some.Target with { Stream = "other" });

        Assert.Equal(22, _lines.Lines.Count);
        Assert.Equal("Information: /log/20: log events arrive at group/stream", _lines.Lines[19]);
        Assert.StartsWith(
            "Information: Log events of more than 20 files arrive at group/stream:", _lines.Lines[20],
            StringComparison.Ordinal);
        Assert.Equal("Information: /log/other: log events arrive at group/other", _lines.Lines[21]);
    }

    [Fact]
    public void AFileThatArrivesLaterIsSaidAgain()
    {
        for (var i = 1; i <= 30; i++)
        {
            _log.Arrived($"/log/{i}", Some.Target);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        _log.Arrived("/log/late", Some.Target);

        Assert.Equal("Information: /log/late: log events arrive at group/stream", _lines.Lines[^1]);
    }
}
