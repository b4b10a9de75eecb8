using Agent.Tests.Support;
using Agent.Upload;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>An outage is said, and does not fill the journal that it is to be found in.</summary>
public sealed class TroubleLogTests
{
    const string Kept = "The lines are kept in their file and tried again";

    readonly FakeTimeProvider _time = new();
    readonly CollectingLog _log = new();
    readonly TroubleLog _trouble;

    public TroubleLogTests() => _trouble = new(_time, _log);

    [Fact]
    public void TroubleIsSaidAtOnceThenOnceAMinuteThenThatItIsOver()
    {
        for (var second = 0; second <= 120; second++)
        {
            _trouble.Say(Some.Target, "refused");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _trouble.Over(Some.Target);

        Assert.Equal(
        [
            $"Warning: Cannot deliver to group/stream: refused (tried 1 times). {Kept}",
            $"Warning: Cannot deliver to group/stream: refused (tried 61 times). {Kept}",
            $"Warning: Cannot deliver to group/stream: refused (tried 121 times). {Kept}",
            "Information: Delivering to group/stream again after 121 s and 121 failed tries"
        ], _log.Lines);
    }

    [Fact]
    public void WhereThereWasNoTroubleNothingIsOver()
    {
        _trouble.Over(Some.Target);

        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void TheNextTroubleIsSaidAtOnceAgain()
    {
        _trouble.Say(Some.Target, "refused");
        _trouble.Over(Some.Target);
        _trouble.Say(Some.Target, "reset");

        Assert.Equal(3, _log.Lines.Count);
        Assert.Contains("reset (tried 1 times)", _log.Lines[2], StringComparison.Ordinal);
    }
}
