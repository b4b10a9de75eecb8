using System.Collections.Concurrent;

namespace Agent.Pipeline;

/// <summary>What other threads ask of a reader's: it answers between two reads, so nothing that it owns needs a
/// lock.</summary>
sealed class Inbox(Action wake)
{
    readonly ConcurrentQueue<Action> _asked = new();

    /// <summary>Asks. Who hangs, or has ended, never answers: wait with a time limit.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e)
            {
                // The asker's fault, and no reason for the reader to end.
                answer.SetException(e);
            }
        });
        wake();
        return answer.Task;
    }

    /// <summary>Answers what was asked so far. On the reader's thread.</summary>
    public void Answer()
    {
        while (_asked.TryDequeue(out var answer))
        {
            answer();
        }
    }
}
