namespace Agent.Bench;

/// <summary>What was taken and what was not, over all connections.</summary>
sealed class SinkCounts
{
    readonly Lock _lock = new();
    readonly List<(long Events, TaskCompletionSource Reached)> _waiting = [];
    long _events;
    long _bytes;
    long _denied;

    /// <summary>A batch was taken.</summary>
    public void Take(int events, int bytes)
    {
        lock (_lock)
        {
            _events += events;
            _bytes += bytes;
            foreach (var one in _waiting.Where(one => one.Events <= _events))
            {
                one.Reached.TrySetResult();
            }

            _waiting.RemoveAll(one => one.Events <= _events);
        }
    }

    /// <summary>A batch was refused.</summary>
    public void Deny()
    {
        lock (_lock)
        {
            _denied++;
        }
    }

    /// <summary>Ends once so many events were taken in all.</summary>
    public Task ReachAsync(long events)
    {
        lock (_lock)
        {
            if (events <= _events)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((events, reached));
            return reached.Task;
        }
    }

    /// <summary>As one line: events, bytes of bodies, requests refused.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            return $"{_events} {_bytes} {_denied}";
        }
    }
}
