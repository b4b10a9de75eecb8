using Agent.Events;
using Agent.Native;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Reads the systemd journal, for each entry what it asks for. It waits until something is written, a batch is
/// due, or room becomes free.</summary>
sealed class JournalReader : Reader
{
    // So that a journal that is written to all the time costs a read per while, not per entry.
    readonly TimeSpan _holdOff;
    readonly ReaderRoom _room;
    readonly Waker _waker;
    readonly HashSet<EntryPlan> _given = new(ReferenceEqualityComparer.Instance);
    readonly List<JournalSource> _sources = [];
    readonly List<Leaving> _leaving = [];
    int _changing; // entries that come or go
    long _served;
    bool _isRunning;

    sealed record Leaving(JournalSource Source, long Since)
    {
        public bool IsGivenUp { get; set; }
    }

    public JournalReader(ReaderRoom room)
        : this(room, Waker.Create())
    {
    }

    JournalReader(ReaderRoom room, Waker waker)
        : base(JournalPlan.Path, waker.Wake)
    {
        _waker = waker;
        _room = room with { Lanes = room.Lanes with { Wake = waker.Wake } };
        _holdOff = ReaderLoop.HoldOffOf(room.Lanes.Linger);
    }

    public override bool IsDrained => All.All(source => source.IsDrained);

    public override bool IsDenied => All.Any(source => source.IsDenied);

    public override long BytesAtRisk => 0;

    public override bool IsSending => All.Any(source => source.IsSending);

    public override bool IsChanging => Volatile.Read(ref _changing) > 0;

    IEnumerable<JournalSource> All => _sources.Concat(_leaving.Select(one => one.Source));

    public override bool IsRetiring(EntryPlan entry) => entry.Journal is not null && IsChanging;

    public override void GiveUp() => All.ToList().ForEach(source => source.GiveUp());

    public override void Begin(IReadOnlyList<(EntryPlan Plan, IReadOnlyList<FilePosition> Rows)> begun)
    {
        _given.UnionWith(begun.Select(one => one.Plan));
        Interlocked.Increment(ref _changing);
        Orders.Add(() =>
        {
            _sources.AddRange(begun.Select(one =>
                new JournalSource(one.Plan, one.Rows is [.., var last] ? last : null, _room)));
            NoteChanged();
        });
    }

    public override void Retire(IReadOnlyCollection<EntryPlan> retired)
    {
        var own = retired.Where(_given.Remove).ToHashSet(ReferenceEqualityComparer.Instance);
        if (own.Count == 0)
        {
            return;
        }

        Interlocked.Add(ref _changing, own.Count);
        Orders.Add(() =>
        {
            foreach (var source in _sources.Where(source => own.Contains(source.Plan.Entry)).ToList())
            {
                _sources.Remove(source);
                source.Close();
                _leaving.Add(new(source, _room.Lanes.Time.GetTimestamp()));
            }
        });
    }

    public override void LeaveToNext() => Dispose();

    // Where a file system hangs its thread is in the middle of something, and keeps what it uses.
    public override void Dispose()
    {
        if (Volatile.Read(ref _isRunning))
        {
            return;
        }

        All.ToList().ForEach(source => source.Dispose());
        _sources.Clear();
        _leaving.Clear();
        _waker.Dispose();
    }

    protected override void Run(CancellationToken stopping)
    {
        Volatile.Write(ref _isRunning, true);
        try
        {
            Read(stopping);
        }
        finally
        {
            Volatile.Write(ref _isRunning, false);
        }
    }

    void Read(CancellationToken stopping)
    {
        using var waking = stopping.Register(_waker.Wake);
        var block = GC.AllocateUninitializedArray<byte>(TailedContent.BlockBytes, pinned: true);
        while (!stopping.IsCancellationRequested)
        {
            Orders.CarryOut();
            EndLeaving();
            var isBusy = false;
            foreach (var source in _sources)
            {
                isBusy |= source.Pump(block) == LaneProgress.Advanced;
            }

            _room.AfterReading();
            Inbox.Answer();
            _room.Slimming.SlimIfDue();
            Wait(isBusy);
        }

        _sources.ForEach(source => source.Close());
        _room.AfterReading();
    }

    protected override Snapshot SnapshotNow() => Snapshot.Of([.. All], _room.Lanes.ServiceTime);

    void Wait(bool isBusy)
    {
        if (isBusy)
        {
            _served = _room.Lanes.Time.GetTimestamp();
            return;
        }

        var due = _leaving.Count > 0 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromMinutes(1);
        due = _sources.Select(source => source.Due).Append(due).Min();
        if (_holdOff - _room.Lanes.Time.GetElapsedTime(_served) is var held && held > TimeSpan.Zero)
        {
            _waker.Wait(held < due ? held : due);
        }
        else
        {
            _waker.Wait(due, [.. _sources.Select(source => source.Descriptor).OfType<int>()]);
        }
    }

    // What was read has some seconds to be taken; then it is left to whoever reads the journal next.
    void EndLeaving()
    {
        foreach (var one in _leaving.ToList())
        {
            var age = _room.Lanes.Time.GetElapsedTime(one.Since);
            one.Source.TakeBackDenied();
            if (!one.Source.IsDrained && age >= Plan.Drain && !one.IsGivenUp)
            {
                one.IsGivenUp = true;
                one.Source.GiveUp();
            }

            if (one.Source.IsDrained || (one.IsGivenUp && (!one.Source.IsSending || age >= Plan.LongestRequest)))
            {
                _leaving.Remove(one);
                one.Source.Dispose();
                NoteChanged();
            }
        }
    }

    void NoteChanged()
    {
        Interlocked.Decrement(ref _changing);
        _room.Freed();
    }
}
