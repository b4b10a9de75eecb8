using Agent.Events;

namespace Agent.Upload;

/// <summary>The requests of one log stream in numbers: how many there were, and what the service took. Any thread may
/// call.</summary>
sealed class DeliveryCounts(TimeProvider time)
{
    readonly Lock _lock = new();
    readonly RecentRate _rate = new(time);
    long _requests;
    long _lastTaken;
    long _events;
    long _bytes;
    long _batches;
    long _retries;
    long _throttled;
    DateTimeOffset? _delivered;

    /// <summary>The number of the latest request that was taken; 0 before the first.</summary>
    public long LastTaken => Interlocked.Read(ref _lastTaken);

    /// <summary>A request is made.</summary>
    /// <returns>Its number, from 1.</returns>
    public long NoteRequest() => Interlocked.Increment(ref _requests);

    /// <summary>A request was answered, or not.</summary>
    /// <param name="isRetry">Whether it was another try.</param>
    public void NoteOutcome(bool isRetry, bool isThrottled)
    {
        lock (_lock)
        {
            _retries += isRetry ? 1 : 0;
            _throttled += isThrottled ? 1 : 0;
        }
    }

    /// <summary>Events were taken.</summary>
    /// <param name="request">The request's number.</param>
    /// <param name="bytes">As they travelled.</param>
    /// <returns>Whether none was taken before.</returns>
    public bool NoteTaken(long request, int events, long bytes)
    {
        lock (_lock)
        {
            var isFirst = _events == 0 && events > 0;
            _lastTaken = Math.Max(_lastTaken, request);
            _events += events;
            _bytes += bytes;
            _rate.Add(events, bytes);
            _delivered = events > 0 ? time.GetUtcNow() : _delivered;
            return isFirst;
        }
    }

    /// <summary>Nothing of a batch is left to send.</summary>
    public void NoteBatch() => Interlocked.Increment(ref _batches);

    /// <summary>How it goes, with what others know of it.</summary>
    public DeliveryStatus StatusWith(int onTheirWay, int waiting, DeliveryFault? fault)
    {
        lock (_lock)
        {
            var (events, bytes) = _rate.Now;
            return new(onTheirWay, waiting, _events, Interlocked.Read(ref _batches), _delivered, fault)
            {
                Bytes = _bytes,
                EventsPerSecond = events,
                BytesPerSecond = bytes,
                Retries = _retries,
                Throttled = _throttled
            };
        }
    }
}
