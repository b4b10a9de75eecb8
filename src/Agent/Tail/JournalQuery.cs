using System.Globalization;
using Agent.Native;

namespace Agent.Tail;

/// <summary>Which entries of the journal are meant, as journalctl has it: of one of the units, at least of a priority,
/// and with all the fields of one of the matches.</summary>
/// <param name="Units">None for all.</param>
/// <param name="LeastPriority">7 for debug and all above; null for whatever has none too.</param>
/// <param name="Matches">Fields with their values, <c>FIELD=value</c>; none for all.</param>
sealed record JournalQuery(
    IReadOnlyList<string> Units, int? LeastPriority, IReadOnlyList<IReadOnlyList<string>> Matches)
{
    // Of systemd-coredump. Source: sd-messages.h.
    const string CoreDump = "MESSAGE_ID=fc2e22bc6ee647b6b90729ab34a250b1";

    static readonly string[] UnitTypes =
    [
        "service", "socket", "target", "device", "mount", "automount", "swap", "timer", "path", "slice", "scope"
    ];

    /// <summary>The journal's folder; null for this machine's own.</summary>
    public string? Folder { get; init; }

    /// <summary>Opens the journal, narrowed down to what is meant.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public Journal Open()
    {
        var journal = Journal.Open(Folder);
        try
        {
            NarrowDown(journal);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    void NarrowDown(Journal journal)
    {
        foreach (var match in Matches)
        {
            journal.Or();
            match.ToList().ForEach(journal.AddMatch);
        }

        journal.And();
        foreach (var alternative in Units.SelectMany(OfUnit))
        {
            journal.Or();
            alternative.ToList().ForEach(journal.AddMatch);
        }

        journal.And();
        for (var priority = 0; priority <= LeastPriority; priority++)
        {
            journal.AddMatch($"PRIORITY={priority.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    // What a unit writes, what its processes' crashes are told by, what systemd says of it, and what others do.
    static IEnumerable<string[]> OfUnit(string unit)
    {
        var isWhole = UnitTypes.Any(type => unit.EndsWith('.' + type, StringComparison.Ordinal));
        var name = isWhole ? unit : unit + ".service";
        string[][] slice = name.EndsWith(".slice", StringComparison.Ordinal) ? [["_SYSTEMD_SLICE=" + name]] : [];
        return
        [
            ["_SYSTEMD_UNIT=" + name],
            [CoreDump, "_UID=0", "COREDUMP_UNIT=" + name],
            ["_PID=1", "UNIT=" + name],
            ["_UID=0", "OBJECT_SYSTEMD_UNIT=" + name],
            .. slice
        ];
    }
}
