using Agent.Pipeline;
using Xunit;

namespace Agent.Tests.Pipeline;

public sealed class InboxTests
{
    [Fact]
    public async Task WhoAsksWhileAQuestionWaitsGetsTheAnswerToIt()
    {
        var (answers, wakes) = (0, 0);
        var inbox = new Inbox<int>(() => ++answers, () => wakes++);
        var (first, second) = (inbox.AskAsync(), inbox.AskAsync());
        inbox.Answer();
        inbox.Answer();
        var third = inbox.AskAsync();
        inbox.Answer();

        int[] expected = [1, 1, 2];
        Assert.Equal(expected, await Task.WhenAll(first, second, third));
        Assert.Equal(3, wakes);
    }

    [Fact]
    public async Task AQuestionThatFailsIsItsAskersFault()
    {
        var inbox = new Inbox<int>(() => throw new InvalidOperationException("no answer"), () => { });
        var asked = inbox.AskAsync();
        inbox.Answer();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => asked);
        Assert.Equal("no answer", e.Message);
    }
}
