using Agent.Events;

namespace Agent.Upload;

/// <summary>What keeps one sender from delivering.</summary>
sealed class Trouble(TimeProvider time, DeliveryLog log)
{
    readonly Lock _lock = new();
    Outcome? _last;
    DateTimeOffset _since;
    int _tries;

    /// <summary>What is in the way now; null when nothing is.</summary>
    public DeliveryFault? Current
    {
        get
        {
            lock (_lock)
            {
                return _tries == 0 || _last is null ? null : Obstacle.Of(_last, _since, _tries);
            }
        }
    }

    public void Meet(LogTarget target, Outcome outcome)
    {
        lock (_lock)
        {
            _last = outcome;
            _tries++;
            if (_tries == 1)
            {
                _since = time.GetUtcNow();
            }

            log.Trouble(target, Obstacle.Of(outcome, _since, _tries).Text, isNew: _tries == 1);
        }
    }

    /// <param name="isDelivering">Whether that is over; else its sender only ends.</param>
    public void Over(LogTarget target, bool isDelivering = true)
    {
        lock (_lock)
        {
            if (_tries > 0)
            {
                _tries = 0;
                log.Over(target, isDelivering);
            }
        }
    }
}
