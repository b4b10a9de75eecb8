using Agent.Events;

namespace Agent.Upload;

/// <summary>What becomes of those that are denied: they are given back to the reader.</summary>
sealed partial class Flights
{
    /// <summary>Gives back what is denied, with all that follows it in the file; but nothing that stands before
    /// something the service took, since that would be sent twice. On the thread that adds.</summary>
    /// <param name="rewind">Goes back in the file to where a batch begins; false if that cannot be done. It may take as
    /// long as a file system does: answers do not wait for it.</param>
    /// <returns>The batches, of which the first is where the file is read on; none if there is no reason.</returns>
    public IReadOnlyList<EventBatch> TakeBack(Func<EventBatch, bool> rewind)
    {
        var given = BeginReturn();
        if (given.Count == 0)
        {
            return [];
        }

        var isBack = rewind(given[0].Batch);
        lock (_lock)
        {
            var batches = isBack ? EndReturn(given) : UndoReturn(given);
            NoteFull();
            return batches;
        }
    }

    List<Flight> BeginReturn()
    {
        lock (_lock)
        {
            var given = _held.Skip(FirstToGiveBack()).ToList();
            if (!given.Exists(flight => flight.State == FlightState.Denied))
            {
                return [];
            }

            _waiting.Clear(); // they follow what was tried
            given.ForEach(flight => flight.State = FlightState.Returning);
            return given;
        }
    }

    List<EventBatch> EndReturn(List<Flight> given)
    {
        var denied = given.Find(flight => flight.WasRefused)!;
        _restsWith = denied.IsWaitOver ? null : denied;
        _triesBefore = denied.Tries;
        _isOnTrial = true;
        _held.RemoveRange(_held.Count - given.Count, given.Count);
        given.ForEach(flight =>
        {
            _refused -= flight.WasRefused ? 1 : 0;
            flight.State = FlightState.GivenBack;
        });
        return given.ConvertAll(flight => flight.Batch);
    }

    List<EventBatch> UndoReturn(List<Flight> given)
    {
        foreach (var flight in given)
        {
            if (!flight.WasRefused)
            {
                flight.State = FlightState.New;
                _waiting.Enqueue(flight);
            }
            else if (flight.IsWaitOver)
            {
                MakeReady(flight);
            }
            else
            {
                flight.State = FlightState.Denied;
            }
        }

        return [];
    }

    int FirstToGiveBack()
    {
        var first = _held.Count;
        while (first > 0 && _held[first - 1].Number > _furthestEnded
            && _held[first - 1].State is FlightState.Denied or FlightState.New)
        {
            first--;
        }

        return first;
    }
}
