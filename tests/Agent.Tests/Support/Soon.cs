using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Support;

/// <summary>Waits for what other threads bring about.</summary>
static class Soon
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static Task IsAsync(Func<bool> condition) => IsAsync(condition, () => { });

    /// <summary>The same where time must pass first, a step at a time.</summary>
    public static Task IsAsync(Func<bool> condition, FakeTimeProvider time, TimeSpan step) =>
        IsAsync(condition, () => time.Advance(step));

    static async Task IsAsync(Func<bool> condition, Action between)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"did not come about within {Deadline}");
            between();
            await Task.Delay(1); // waits for the condition above
        }
    }
}
