namespace Agent.Pipeline;

/// <summary>How many files may be open at a time. A reader that finds none left waits in line; the one that holds a
/// file with nothing to read gives its handle back. Any thread may call.</summary>
sealed class HandleBudget(int most)
{
    const int Least = 8;
    const int TooManyOpen = 16; // given up at once where the system refuses, so that others may open what they need

    public const string WaitsForItsTurn = "as many files are open as may be; it waits for its turn";

    // For connections, the database, folders being listed, and the copies that must be opened whatever the budget.
    const int Reserve = 96;

    const int MostByDefault = 8192;

    readonly Lock _lock = new();
    int _most = most;
    int _taken;

    /// <summary>The budget that the system's limit allows.</summary>
    /// <param name="wanted">As configured; null leaves it to the limit.</param>
    /// <param name="free">How many more files the process may open.</param>
    public static HandleBudget Of(int? wanted, long free) =>
        new((int)Math.Clamp(free - Reserve, Least, wanted ?? MostByDefault));

    public int Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    public int Most
    {
        get
        {
            lock (_lock)
            {
                return _most;
            }
        }
    }

    /// <summary>The system refused to open another file, though the budget would have allowed it.</summary>
    public void Shrink()
    {
        lock (_lock)
        {
            _most = Math.Max(Least, _taken - TooManyOpen);
        }
    }

    public bool TryTake()
    {
        lock (_lock)
        {
            if (_taken >= _most)
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <summary>Counts a file that is open already.</summary>
    public void TakeAnyway()
    {
        lock (_lock)
        {
            _taken++;
        }
    }

    public void GiveBack()
    {
        lock (_lock)
        {
            _taken--;
        }
    }
}
