using System.Collections;

namespace Agent.Pipeline;

/// <summary>The sources that wait for more than a change: for their batch to be due, or for a file to show itself. At a
/// start they may be thousands, and to ask all of them at each wake would be all that the thread does: it takes a tenth
/// of the time at most, and what is due waits for a fraction of a second then.</summary>
sealed class Restless(TimeProvider time) : IEnumerable<Source>
{
    const int WalkShare = 10;

    readonly HashSet<Source> _sources = [];
    long _walked;
    TimeSpan _pause;
    TimeSpan? _due; // as of the last walk
    bool _isChanged; // since then: what is due next may be another

    /// <summary>Whether one has reason to be looked at every second.</summary>
    public bool IsMinding { get; private set; }

    /// <summary>How long until one is due; null when none is.</summary>
    public TimeSpan? Due
    {
        get
        {
            var since = time.GetElapsedTime(_walked);
            var due = _isChanged ? TimeSpan.Zero : _due - since;
            return due < _pause - since ? _pause - since : due;
        }
    }

    public void Note(Source source, bool isRestless)
    {
        if (isRestless)
        {
            _sources.Add(source);
            _isChanged = true;
        }
        else
        {
            _sources.Remove(source);
        }
    }

    public void RemoveWhere(Predicate<Source> isOver) => _sources.RemoveWhere(isOver);

    /// <summary>Sends the batches whose time is up.</summary>
    /// <returns>The sources of which a line is to be taken now without what it waited for.</returns>
    public List<Source> CloseDue()
    {
        var began = time.GetTimestamp();
        if (time.GetElapsedTime(_walked) < _pause)
        {
            return [];
        }

        var ready = _sources.Where(source => source.CloseDue()).ToList();
        _due = _sources.Min(source => source.Due);
        IsMinding = _sources.Any(source => source.IsMinded);
        _isChanged = false;
        _walked = time.GetTimestamp();
        _pause = time.GetElapsedTime(began) * WalkShare;
        return ready;
    }

    public IEnumerator<Source> GetEnumerator() => _sources.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
