namespace EndToEnd.Tests.Support;

/// <summary>Waits for a condition with a deadline: nothing here sleeps and hopes.</summary>
static class Wait
{
    // Longer than a request may take before it is given up: what comes after one is waited for, too.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task UntilAsync(Func<bool> condition, Func<string> otherwise) =>
        UntilAsync(() => Task.FromResult(condition()), otherwise);

    /// <param name="more">How much longer than usual it may take.</param>
    public static Task UntilAsync(Func<bool> condition, Func<string> otherwise, TimeSpan more) =>
        UntilAsync(() => Task.FromResult(condition()), otherwise, more);

    public static async Task UntilAsync(
        Func<Task<bool>> condition, Func<string> otherwise, TimeSpan more = default)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience + more)
            {
                throw new TimeoutException(otherwise());
            }

            await Task.Delay(Interval); // waits for the condition
        }
    }
}
