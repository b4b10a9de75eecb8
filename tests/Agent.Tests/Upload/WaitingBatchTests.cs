using Agent.Tests.Support;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>A batch that the service refuses is in nobody's way.</summary>
public sealed class WaitingBatchTests
{
    [Fact]
    public async Task ABatchThatWaitsForItsNextTryLetsTheOthersThrough()
    {
        var time = new FakeTimeProvider();
        var log = new CollectingLog();
        var taken = 0;
        var service = new ScriptedService
        {
            OnPut = batch => Task.FromResult(
                batch.End.OffsetBytes == 1 ? Answers.Error("InvalidParameterException") : Answers.Ok())
        };
        using var stopping = new CancellationTokenSource();
        var sender = new StreamSender(
            service.Sending(time, log, stopping.Token),
            Task.FromResult(Some.Target), (_, _) => Interlocked.Increment(ref taken), log);
        for (var i = 1; i <= 4; i++)
        {
            sender.Enqueue(Some.Batch(i));
        }

        try
        {
            await Soon.IsAsync(() => taken == 3, time, TimeSpan.FromSeconds(5));
        }
        finally
        {
            await stopping.CancelAsync();
        }
    }

    [Fact]
    public async Task TwoTargetsWhoseNamesJoinAlikeAreTwoTargets()
    {
        var answer = new TaskCompletionSource<ServiceAnswer>();
        var service = new ScriptedService { OnCall = _ => answer.Task };
        var creation = new TargetCreation(service.CallAsync, new(8, TimeProvider.System), new CollectingLog());

        var first = creation.CreateAsync(new("a/b", "c", null, null), TestContext.Current.CancellationToken);
        var second = creation.CreateAsync(new("a", "b/c", null, null), TestContext.Current.CancellationToken);
        answer.SetResult(Answers.Ok());
        await first;
        await second;

        Assert.Equal(2, service.Calls.Count);
    }
}
