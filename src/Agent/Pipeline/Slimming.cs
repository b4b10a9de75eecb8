using System.Security.Cryptography;
using Agent.Batch;
using Agent.Native;

namespace Agent.Pipeline;

/// <summary>Gives back the memory that a busy time took: the pool's segments that nobody needs any more, what the
/// collector would keep for as long as nothing else is allocated, and the code that ran. Any thread may call.</summary>
sealed class Slimming(SegmentPool pool, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // What the first lines and the first batches took is not used again either, however busy it is.
    static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    const int Early = 2;

    // A collection stops every thread for milliseconds: not while there is something to read, and not for little.
    const int QuietShare = 16;
    const long LeastBytes = 8 << 20;

    readonly Lock _lock = new();
    int _early; // how often it was done since reading began
    long? _slimmed;
    long _bytesAfter;
    bool _isSlim;

    /// <summary>Gives back what the start took: configuration, tables, code that never runs again.</summary>
    public static void AfterStart()
    {
        _ = SHA256.HashData([]); // the library is loaded for the first request, and most of what that takes is not used
        Collect();
        ProgramPages.LetGo();
    }

    /// <summary>To be called now and then from the beginning of reading on; does something a second after that, and
    /// then at most every ten.</summary>
    public void SlimIfDue()
    {
        bool letsGo, collects;
        lock (_lock)
        {
            if (time.GetElapsedTime(_slimmed ??= time.GetTimestamp()) < (_early == 0 ? First : Interval))
            {
                return;
            }

            _slimmed = time.GetTimestamp();
            var isQuiet = pool.Trim() <= pool.BudgetBytes / QuietShare;
            var bytes = GC.GetTotalMemory(forceFullCollection: false);
            _bytesAfter = Math.Min(_bytesAfter, bytes);
            var isEarly = _early < Early;
            _early += isEarly ? 1 : 0;
            letsGo = isEarly || (isQuiet && !_isSlim);
            collects = isQuiet && bytes >= _bytesAfter + (_bytesAfter / 2) + LeastBytes;
            _isSlim = isQuiet && !isEarly;
        }

        // Both take milliseconds, in which no other reader is to wait; for ten seconds nobody else comes here.
        if (letsGo)
        {
            ProgramPages.LetGo();
        }

        if (collects)
        {
            Collect();
            Volatile.Write(ref _bytesAfter, GC.GetTotalMemory(forceFullCollection: false));
        }
    }

    static void Collect() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
