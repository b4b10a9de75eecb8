using Agent.Events;

namespace Agent.Upload;

/// <summary>The batches of one stream from when they are handed over until nothing of them is left: which may be sent
/// now, which are on their way, which wait. Any thread may call.</summary>
/// <remarks>A stream that is denied for good would hold memory that others need for as long as that lasts. What the
/// service has taken nothing of is therefore given back to the reader, who reads it again later; until the service
/// takes something, a small batch is on trial now and then.</remarks>
sealed partial class Flights(SendShares shares)
{
    /// <summary>How much of a file a batch on trial may span, beyond its first event.</summary>
    public const int TrialBytes = 4096;

    // Of a stream that is refused altogether no more than these stay in memory; the rest waits in its file.
    const int MostRefused = 2;

    readonly Lock _lock = new();
    readonly List<Flight> _held = []; // all, in the order of their file
    readonly Queue<Flight> _waiting = new(); // that were never tried
    readonly Queue<Flight> _again = new();
    int _onTheirWay;
    int _refused;
    long _added;
    long _furthestEnded; // the number of the last of those of which nothing is left
    int _triesBefore; // of what was given back: a trial goes on with its waits
    Flight? _restsWith; // that was given back: no trial before its wait is over
    bool _isOnTrial;
    int _full; // that the shares were told of
    bool _isOver;

    /// <summary>Whether another batch may be begun: one is built while the window is filled, no more. A batch that
    /// waits here is memory that another stream could use.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _restsWith is null && _refused < MostRefused
                    && (_isOnTrial
                        ? _held.TrueForAll(flight => flight.State == FlightState.Waiting)
                        : _onTheirWay + _waiting.Count <= shares.Share);
            }
        }
    }

    /// <summary>Whether the next batch should be a small one: nobody knows whether the service takes it.</summary>
    public bool IsOnTrial
    {
        get
        {
            lock (_lock)
            {
                return _isOnTrial;
            }
        }
    }

    /// <summary>Whether some are denied, or were given back for that.</summary>
    public bool IsDenied
    {
        get
        {
            lock (_lock)
            {
                return _isOnTrial || _restsWith is not null
                    || _held.Exists(flight => flight.State == FlightState.Denied);
            }
        }
    }

    /// <summary>How many are on their way, and how many wait.</summary>
    public (int OnTheirWay, int Waiting) Count
    {
        get
        {
            lock (_lock)
            {
                return (_onTheirWay, _held.Count - _onTheirWay);
            }
        }
    }

    public void Add(EventBatch batch)
    {
        lock (_lock)
        {
            var flight = new Flight(batch) { Number = ++_added, Tries = _isOnTrial ? _triesBefore : 0 };
            _held.Add(flight);
            _waiting.Enqueue(flight);
            NoteFull();
        }
    }

    /// <summary>The next to be sent, if the window has room.</summary>
    public Flight? TryStart()
    {
        lock (_lock)
        {
            if (_isOver || _onTheirWay >= shares.Share
                || (!_again.TryDequeue(out var flight) && !_waiting.TryDequeue(out flight)))
            {
                return null;
            }

            _onTheirWay++;
            flight.State = FlightState.OnItsWay;
            return flight;
        }
    }

    /// <summary>The service answered, and did not deny: whatever it said, it can be sent to.</summary>
    public void NoteReached()
    {
        lock (_lock)
        {
            _isOnTrial = false;
        }
    }

    /// <summary>Nothing of one is left to send.</summary>
    /// <returns>Whether all is well: none of the others was refused.</returns>
    public bool End(Flight flight)
    {
        lock (_lock)
        {
            _onTheirWay--;
            _held.Remove(flight);
            _furthestEnded = Math.Max(_furthestEnded, flight.Number);
            _refused -= flight.WasRefused ? 1 : 0;
            if (flight.SentAs > 0) // what is too old is passed over
            {
                shares.Accepted(flight.Batch.IsFull, anotherWaits: _waiting.Count > 0);
            }

            NoteFull();
            return _refused == 0;
        }
    }

    /// <summary>Something of one is left that may be sent at once.</summary>
    public void GoOn(Flight flight)
    {
        lock (_lock)
        {
            _onTheirWay--;
            MakeReady(flight);
        }
    }

    /// <summary>One must wait for its next try.</summary>
    /// <param name="isDenied">There is no telling when it can be sent, and nothing of it was.</param>
    public void Wait(Flight flight, bool isDenied)
    {
        lock (_lock)
        {
            _onTheirWay--;
            _refused += flight.WasRefused ? 0 : 1;
            flight.WasRefused = true;
            flight.IsWaitOver = false;
            flight.State = isDenied ? FlightState.Denied : FlightState.Waiting;
            NoteFull();
        }
    }

    /// <summary>The wait of one is over.</summary>
    /// <returns>Whether it was given back meanwhile: it is time for a trial.</returns>
    public bool EndWait(Flight flight)
    {
        lock (_lock)
        {
            flight.IsWaitOver = true;
            switch (flight.State)
            {
                case FlightState.Returning:
                    return false; // whoever gives it back sees to it
                case FlightState.GivenBack:
                    var isOver = _restsWith == flight;
                    _restsWith = isOver ? null : _restsWith;
                    return isOver;
                default:
                    MakeReady(flight);
                    NoteFull();
                    return false;
            }
        }
    }

    /// <summary>Takes out what is not being sent: nobody will send it, nor anything else.</summary>
    public IReadOnlyList<EventBatch> TakeOut()
    {
        lock (_lock)
        {
            _isOver = true;
            return _held.FindAll(flight => flight.State != FlightState.OnItsWay).FindAll(Remove)
                .ConvertAll(flight => flight.Batch);
        }
    }

    /// <summary>Nobody will send one.</summary>
    /// <returns>False if it was taken out already.</returns>
    public bool Drop(Flight flight)
    {
        lock (_lock)
        {
            _onTheirWay -= flight.State == FlightState.OnItsWay && _held.Contains(flight) ? 1 : 0;
            return Remove(flight);
        }
    }

    bool Remove(Flight flight)
    {
        var isHeld = _held.Remove(flight);
        NoteFull();
        return isHeld;
    }

    // A stream that has some gets a share of what may be on its way; one that has but a line now and then needs none.
    void NoteFull()
    {
        var before = _full;
        _full = 0;
        foreach (var flight in _held)
        {
            _full += flight.Batch.IsFull
                && flight.State is FlightState.New or FlightState.OnItsWay or FlightState.Ready ? 1 : 0;
        }

        if (_full != before)
        {
            shares.NoteFull(_full, before);
        }
    }

    void MakeReady(Flight flight)
    {
        flight.State = FlightState.Ready;
        _again.Enqueue(flight);
    }
}
