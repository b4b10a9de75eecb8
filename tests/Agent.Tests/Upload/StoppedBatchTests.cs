using System.Runtime.CompilerServices;
using Agent.Tests.Support;
using Agent.Upload;
using CloudWatch.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>A stop leaves what is on its way to the next start.</summary>
public sealed class StoppedBatchTests
{
    /// <summary>One waits for its answer and one for its next try. Nobody is told when their sending is over; that they
    /// are let go of tells it. To look at once would be to look too early.</summary>
    [Fact]
    public async Task WhatIsOnItsWayAtAStopIsLetGoOfAndNeverResolved()
    {
        var time = new FakeTimeProvider();
        var log = new CollectingLog();
        var service = new ScriptedService();
        using var stopping = new CancellationTokenSource();
        Exception? death = null;
        var asked = 0;
        var resolved = 0;
        var sender = new StreamSender(
            service.Sending(time, log, stopping.Token, fault => death = fault) with
            {
                Put = (_, batch, cancel) =>
                {
                    Interlocked.Increment(ref asked);
                    return batch.End.OffsetBytes == 1
                        ? Task.FromResult(Answers.Error("ServiceUnavailableException"))
                        : new TaskCompletionSource<ServiceAnswer>().Task.WaitAsync(cancel);
                }
            },
            Task.FromResult(Some.Target),
            (batch, _) =>
            {
                Interlocked.Increment(ref resolved);
                GC.KeepAlive(batch);
            }, log);

        WeakReference[] batches = [Enqueue(sender, 1), Enqueue(sender, 2)];
        await Soon.IsAsync(() => Volatile.Read(ref asked) == 2);
        await stopping.CancelAsync();
        await Soon.IsAsync(() =>
        {
            GC.Collect();
            return !batches.Any(batch => batch.IsAlive);
        });

        Assert.Equal((0, null), (Volatile.Read(ref resolved), death));
    }

    // In a method of its own, or the test itself would hold the batch.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference Enqueue(StreamSender sender, long endBytes)
    {
        var batch = Some.Batch(endBytes);
        sender.Enqueue(batch);
        return new(batch);
    }
}
