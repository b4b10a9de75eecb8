namespace Agent.Upload;

/// <summary>How many batches of a stream may be on their way at once. A batch carries at most a mebibyte and the way
/// to the service and back may be long, so that many are needed; but each is memory, and where the service answers at
/// once, or the processors are what is short, a few do as much. So a larger window is tried, and kept if more is taken
/// with it; now and then a smaller one, and kept if not less is. Not for several threads at once.</summary>
/// <remarks>The time that an answer takes tells less: it is long where the machine is busy, and where a service takes
/// its time for each of many requests that it works on together.</remarks>
/// <param name="most">How many all streams may have on their way. At 20 ms to the service and back, 16 to 20 keep one
/// core busy (measured).</param>
sealed class SendWindow(int most)
{
    // One is sent while two are on their way or waited for. With less two processors are not kept busy.
    const int Least = 3;

    // Twice the window is worth its memory from a fifth more on; half of it is enough while hardly less is taken.
    const double LeastGain = 1.2;
    const double MostLoss = 0.95;

    // A round is short, and one may have had luck by a fifth: what is less than this must be gained twice.
    const double SureGain = 1.5;

    // The part of a round in the rate that a larger window is compared with.
    const double Weight = 0.25;

    // A larger one that brought nothing may have had bad luck, so the first rests are short. A smaller one is never in
    // a hurry.
    const int FirstRest = 4;
    const int LongestRest = 64;
    static readonly TimeSpan ShortestRound = TimeSpan.FromMilliseconds(20);

    int _before; // the size that the trial began with; 0 while none is made
    double _rate; // by the rounds with this size, or with that before the trial; 0 before the first
    bool _isGainedOnce;
    int _streams;
    bool _isSmallerNext;
    int _restRounds = FirstRest;
    int _toRest; // rounds until the next trial
    int _toPass; // that were sent before the size was this one
    int _taken; // in this round
    bool _isShort; // whether a full batch had to wait in this round
    TimeSpan? _began;

    /// <summary>How many may be on their way.</summary>
    public int Size { get; private set; } = Least;

    /// <summary>A batch was accepted.</summary>
    /// <param name="fullBatchWaits">Whether another would have been sent, had the window been larger.</param>
    /// <param name="streams">How many there are that have as many on their way.</param>
    /// <param name="now">Since any beginning.</param>
    public void Accepted(bool fullBatchWaits, int streams, TimeSpan now)
    {
        _streams = streams;
        if (_toPass > 0)
        {
            _toPass--;
            return;
        }

        if (_began is not { } began)
        {
            _began = now;
            return;
        }

        _isShort |= fullBatchWaits;
        if (++_taken >= Math.Min(Size * streams, most) && now - began >= ShortestRound)
        {
            EndRound(_taken / (now - began).TotalSeconds);
            BeginRound();
        }
    }

    /// <summary>Something was accepted that tells nothing of how much would be: the way is open again.</summary>
    public void Recover()
    {
        if (Size < Least && _before == 0)
        {
            Size++;
        }
    }

    /// <summary>A batch got no answer.</summary>
    public void Failed()
    {
        Size = Math.Max(1, Size / 2);
        (_toRest, _restRounds, _isSmallerNext) = (0, FirstRest, false);
        BeginAnew();
    }

    /// <summary>Nothing is to be sent: what comes next tells nothing by how long it took to come.</summary>
    public void Pause()
    {
        Size = _before == 0 ? Size : _before;
        BeginAnew();
    }

    void BeginAnew()
    {
        (_before, _toPass, _rate, _isGainedOnce) = (0, 0, 0, false);
        BeginRound();
    }

    void BeginRound() => (_taken, _isShort, _began) = (0, false, null);

    // A round is as many batches as the window holds: what was on its way at its beginning, once.
    void EndRound(double rate)
    {
        if (_before == 0 && Size < Least)
        {
            Size++; // whatever it does: after an outage it is the way up again
            BeginAnew();
            return;
        }

        if (_before == 0)
        {
            _rate = _rate == 0 ? rate : _rate + (Weight * (rate - _rate));
        }
        else if (IsLuckPerhaps(rate))
        {
            return;
        }

        if (_before > 0 && !IsGrowthKept(rate))
        {
            _toRest = _restRounds;
            _restRounds = Math.Min(LongestRest, _restRounds * 2);
        }
        else if (_toRest > 0)
        {
            _toRest--;
        }
        else if (_isShort)
        {
            Try(rate);
        }
    }

    // Whether a larger window did more in a first round, but not so much that it is certain.
    bool IsLuckPerhaps(double rate)
    {
        var gain = rate / _rate;
        _isGainedOnce = !_isGainedOnce && Size > _before && gain is >= LeastGain and < SureGain;
        return _isGainedOnce;
    }

    // Judges a trial. Returns whether a larger window did more, so that a still larger one is tried at once.
    bool IsGrowthKept(double rate)
    {
        var isLarger = Size > _before;
        var isKept = rate >= _rate * (isLarger ? LeastGain : MostLoss);
        Resize(isKept ? Size : _before);
        _rate = isKept ? rate : _rate;
        _before = 0;
        _isSmallerNext = isLarger && !isKept;
        _restRounds = isLarger && isKept ? FirstRest : _restRounds;
        return isLarger && isKept && Size < most;
    }

    void Try(double rate)
    {
        var isSmallerDue = (_isSmallerNext || Size == most) && _restRounds == LongestRest;
        var size = Size > Least && isSmallerDue
            ? Math.Max(Least, Size / 2)
            : Math.Min(most, Size * 2);
        if (size == Size)
        {
            _toRest = _restRounds = LongestRest; // there is no larger one to be tried
            return;
        }

        // What rises by itself must not be taken for what the window does.
        (_before, _rate) = (Size, Math.Max(_rate, rate));
        Resize(size);
    }

    void Resize(int size) => (_toPass, Size) = (Math.Min(Size * _streams, most), size);
}
