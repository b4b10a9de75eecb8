using Agent.Events;

namespace Agent.Upload;

/// <summary>What keeps one sender from delivering.</summary>
sealed class Trouble(TimeProvider time, DeliveryLog log)
{
    readonly Lock _lock = new();
    string _fault = "";
    DateTimeOffset _since;
    int _tries;

    /// <summary>What is in the way now; null when nothing is.</summary>
    public DeliveryFault? Current
    {
        get
        {
            lock (_lock)
            {
                return _tries == 0 ? null : new(_fault, _since, _tries);
            }
        }
    }

    public void Meet(LogTarget target, string fault)
    {
        lock (_lock)
        {
            _fault = fault;
            _tries++;
            if (_tries == 1)
            {
                _since = time.GetUtcNow();
            }

            log.Trouble(target, fault, isNew: _tries == 1);
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
