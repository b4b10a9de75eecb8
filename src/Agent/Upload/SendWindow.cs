namespace Agent.Upload;

/// <summary>How many batches of one stream may be on their way at once. It starts small and grows while full batches
/// wait, since a batch carries at most a mebibyte and the way to the service and back may be long; it shrinks on
/// trouble. Not for several threads at once.</summary>
/// <remarks>More of them help only until the way is full: from then on they wait for each other, be it for a processor
/// or in the network, and only take memory. That shows in how long each takes, against the least that one took lately:
/// of so many at once that share is waiting. (The idea is TCP Vegas's: Brakmo and Peterson, 1995.)</remarks>
sealed class SendWindow
{
    /// <summary>At 20 ms to the service and back, 16 to 20 batches keep one core busy (measured).</summary>
    public const int Most = 24;

    // So many that wait keep both sides busy.
    const double EnoughWaiting = 4;
    const double TooManyWaiting = 8;

    const int Fewest = 2;

    // The way to the service changes now and then, and what was the least long ago says nothing. Not sooner: while
    // batches wait for each other none takes the least.
    const int Lately = 4096;

    TimeSpan _least = TimeSpan.MaxValue;
    TimeSpan _leastBefore = TimeSpan.MaxValue;
    int _counted;

    /// <summary>How many may be on their way.</summary>
    public int Size { get; private set; } = Fewest;

    /// <summary>A batch was accepted.</summary>
    /// <param name="fullBatchWaits">Whether another would have been sent, had the window been larger.</param>
    /// <param name="took">From the beginning of its last try to the answer.</param>
    public void Accepted(bool fullBatchWaits, TimeSpan took)
    {
        if (!fullBatchWaits)
        {
            return;
        }

        var waiting = Size * (1 - Share(took));
        if (waiting > TooManyWaiting)
        {
            Size--;
        }
        else if (waiting < EnoughWaiting && Size < Most)
        {
            Size++;
        }
    }

    /// <summary>A batch must be sent again.</summary>
    public void Failed() => Size = Math.Max(1, Size / 2);

    // What the least time is of this one.
    double Share(TimeSpan took)
    {
        if (_counted++ % Lately == 0)
        {
            (_leastBefore, _least) = (_least, TimeSpan.MaxValue);
        }

        _least = took < _least ? took : _least;
        var least = _least < _leastBefore ? _least : _leastBefore;
        return took <= TimeSpan.Zero ? 1 : least / took;
    }
}
