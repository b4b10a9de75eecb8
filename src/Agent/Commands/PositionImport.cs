using Agent.Discovery;
using Agent.Events;
using Agent.Native;
using Agent.Pipeline;
using Agent.Tail;

namespace Agent.Commands;

/// <summary>Makes positions of what another agent remembers, for the files of a configuration: nothing is sent twice
/// that it sent, nothing is passed over that it did not.</summary>
/// <param name="known">Rows that are there already: Vigil read those files itself.</param>
sealed class PositionImport(IReadOnlyList<EntryPlan> entries, IReadOnlyList<FilePosition> known, TimeProvider time)
{
    readonly Neighbourhood _neighbours = new(time);
    readonly string _boot = Host.BootId();
    readonly List<FilePosition> _rows = [];
    readonly List<string> _said = [];

    /// <summary>The rows that are new.</summary>
    public IReadOnlyList<FilePosition> Rows => _rows;

    /// <summary>What becomes of each file, a line each.</summary>
    public IReadOnlyList<string> Said => _said;

    public void Add(ForeignPosition position)
    {
        var covering = entries.Where(entry => entry.Covers(position.Path)).ToList();
        if (covering.Count == 0)
        {
            return; // nobody reads it any more
        }

        if (FileOf(position) is not { } path)
        {
            _said.Add($"{position.Path}: the file that was read up to byte {position.OffsetBytes} is not found, nor "
                + "under a rotated name: what is there is read from its beginning");
            return;
        }

        foreach (var entry in covering)
        {
            Add(position, path, SourcePlan.Of(entry, position.Path));
        }
    }

    void Add(ForeignPosition position, string path, SourcePlan source)
    {
        if (known.Any(row => row.SourcePath == source.Path
            && (row.LogGroup, row.LogStream) == (source.LogGroup, source.LogStream)))
        {
            _said.Add($"{source.Path}: Vigil knows how far it is already, and goes on there");
            return;
        }

        using var file = TailedFile.TryOpen(path, out var fault);
        if (file is null)
        {
            _said.Add($"{path}: cannot be opened, and is read from its beginning: {fault.Text}");
            return;
        }

        file.PassOver(position.OffsetBytes, source.Entry.Framing.UnitBytes);
        _rows.Add(new()
        {
            Id = known.Concat(_rows).Select(row => row.Id).DefaultIfEmpty().Max() + 1,
            SourcePath = source.Path,
            LogGroup = source.LogGroup,
            LogStream = source.LogStream,
            Identity = file.Identity,
            BootId = _boot,
            Head = file.Head,
            OffsetBytes = file.OffsetBytes,
            Anchor = file.Anchor,
            // What came and went since that agent last looked was read by nobody.
            SeenAt = position.NotedAt.ToUnixTimeMilliseconds()
        });
        var now = path == source.Path ? "" : $" (now {path})";
        _said.Add($"{source.Path}{now}: goes on at byte {file.OffsetBytes} of {file.KnownLengthBytes}, to "
            + $"{source.LogGroup}/{source.LogStream}");
    }

    // By the inode where it is known. By the name otherwise, unless what is there is younger than the note, or too
    // short: then it was rotated since, and the newest that was rotated away is the one.
    string? FileOf(ForeignPosition position)
    {
        if (IsIt(position.Path))
        {
            return position.Path;
        }

        var beside = _neighbours.Of(position.Path);
        return (position.Inode is { } inode ? beside.WithInode(inode) : beside.Rotated)
            .Where(sibling => !RotatedName.IsCompressed(sibling.Path) && IsIt(sibling.Path))
            .OrderByDescending(sibling => sibling.Facts.Modified)
            .Select(sibling => sibling.Path)
            .FirstOrDefault();

        bool IsIt(string path) =>
            FileFacts.TryOf(path, out var facts, out _) && facts.IsRegular
            && facts.LengthBytes >= position.OffsetBytes
            && (position.Inode is { } number ? facts.Inode == number : !(facts.Born > position.NotedAt));
    }
}
