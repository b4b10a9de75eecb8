namespace Agent.Pipeline;

/// <summary>What other threads ask of a reader's: it answers between two reads, so nothing that it owns needs a lock.
/// Who asks while a question waits gets the answer to that one: a reader that hangs collects no questions.</summary>
sealed class Inbox<T>(Func<T> answer, Action wake)
{
    TaskCompletionSource<T>? _asked;

    /// <summary>Asks. Who hangs, or has ended, never answers: wait with a time limit.</summary>
    public Task<T> AskAsync()
    {
        var mine = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Interlocked.CompareExchange(ref _asked, mine, null) ?? mine;
        wake();
        return asked.Task;
    }

    /// <summary>Answers what was asked, if anything was. On the reader's thread.</summary>
    public void Answer()
    {
        if (Interlocked.Exchange(ref _asked, null) is not { } asked)
        {
            return;
        }

        try
        {
            asked.SetResult(answer());
        }
        catch (Exception e)
        {
            // The asker's fault, and no reason for the reader to end.
            asked.SetException(e);
        }
    }
}
