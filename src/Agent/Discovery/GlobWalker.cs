using Agent.Native;

namespace Agent.Discovery;

/// <summary>Walks the disk along patterns. A folder is listed once for each place in the pattern that it stands at, and
/// only names that fit are looked at: 10,000 files in a folder cost a listing and a look at each that fits.</summary>
/// <remarks>
/// A part that says a name, or a pattern of names, follows symbolic links to folders. Two stars follow none: one link
/// up the tree would have no end. Folders are visited level by level, so that where a bound ends the walk the shallow
/// ones, where logs are, have been seen.
/// </remarks>
sealed class GlobWalker(WalkBounds bounds)
{
    /// <summary>How many faults are told: whoever may make files may make many that are at fault.</summary>
    const int MaxFaults = 1_000;

    readonly Dictionary<string, FoundFile> _files = new(StringComparer.Ordinal);
    readonly HashSet<string> _watched = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);
    readonly Queue<Visit> _waiting = [];
    readonly HashSet<(string Folder, int Part)> _known = [];
    int _visits;
    GlobPath _pattern = null!;

    /// <param name="Part">The first part of the pattern that is for what lies in the folder.</param>
    /// <param name="Depth">How many folders two stars have taken so far.</param>
    readonly record struct Visit(string Folder, int Part, int Depth);

    public void Walk(GlobPath pattern)
    {
        _pattern = pattern;
        _known.Clear();
        Plan(new("/", 0, 0));
        while (_waiting.TryDequeue(out var visit))
        {
            Take(visit);
        }
    }

    public GlobWalk Result() => new(
        [.. _files.Values.OrderBy(file => file.Path, StringComparer.Ordinal)], _watched,
        [.. _faults.Select(fault => new WalkFault(fault.Key, fault.Value))]);

    void Plan(Visit visit)
    {
        if (!_known.Add((visit.Folder, visit.Part)))
        {
            return;
        }

        if (visit.Depth > bounds.Depth)
        {
            Say(visit.Folder, $"it lies more than {bounds.Depth} folders deep, where ** does not look");
        }
        else if (++_visits > bounds.Folders)
        {
            Say("/", $"the pattern leads to more than {bounds.Folders} folders, and the rest was not looked at; "
                + "name more folders before its first **");
        }
        else
        {
            _waiting.Enqueue(visit);
        }
    }

    void Take(Visit visit)
    {
        var part = _pattern.Parts[visit.Part];
        var named = part.IsFolders ? visit.Part + 1 : visit.Part;
        if (named < _pattern.Parts.Count && _pattern.Parts[named].Literal is { } name)
        {
            TakeName(visit with { Part = named }, Join(visit.Folder, name));
            if (!part.IsFolders)
            {
                return;
            }
        }

        List(visit, named);
    }

    void TakeName(Visit visit, string path)
    {
        if (visit.Part == _pattern.Parts.Count - 1)
        {
            _watched.Add(visit.Folder);
            TakeFile(path, EntryKind.Unknown);
        }
        else if (!FileFacts.TryOfLink(path, out var facts, out var fault))
        {
            _watched.Add(visit.Folder);
            SayUnlessAbsent(path, fault);
        }
        else if (facts.IsFolder)
        {
            Plan(visit with { Folder = path, Part = visit.Part + 1 });
        }
        else
        {
            // A link may be led elsewhere, and what is no folder replaced by one.
            _watched.Add(visit.Folder);
            TakeLinkedFolder(visit, path);
        }
    }

    void TakeLinkedFolder(Visit visit, string path)
    {
        if (!FileFacts.TryOf(path, out var facts, out var fault))
        {
            SayUnlessAbsent(path, fault);
        }
        else if (facts.IsFolder)
        {
            Plan(visit with { Folder = path, Part = visit.Part + 1 });
        }
    }

    void TakeFile(string path, EntryKind kind)
    {
        if (_files.ContainsKey(path))
        {
            return;
        }

        var isLink = kind == EntryKind.Link
            || (kind == EntryKind.Unknown && FileFacts.TryOfLink(path, out var itself) && itself.IsLink);
        if (!FileFacts.TryOf(path, out var facts, out var fault))
        {
            SayUnlessAbsent(path, fault);
        }
        else if (facts.IsRegular && _files.Count < bounds.Files)
        {
            _files.Add(path, new(path, facts, isLink));
        }
        else if (facts.IsRegular)
        {
            Say("/", $"the pattern fits more than {bounds.Files} files, and the rest was not looked at");
        }
    }

    void List(Visit visit, int named)
    {
        using var folder = FolderReader.TryOpen(visit.Folder, out var fault);
        if (folder is null)
        {
            SayUnlessAbsent(visit.Folder, fault);
            if (!fault.IsAbsent)
            {
                _watched.Add(visit.Folder);
            }

            return;
        }

        _watched.Add(visit.Folder);
        var part = _pattern.Parts[visit.Part];
        var takesFolders = part.IsFolders || part.IsCrossing;
        var prefix = visit.Folder == "/" ? "/" : visit.Folder + "/";
        while (folder.TryNext())
        {
            if (takesFolders && folder.Kind is EntryKind.Folder or EntryKind.Unknown)
            {
                TakeBelow(visit, prefix, folder);
            }

            TakeEntry(visit with { Part = named }, prefix, folder);
        }

        SayUnlessAbsent(visit.Folder, folder.Fault);
    }

    void TakeBelow(Visit visit, string prefix, FolderReader folder)
    {
        var path = string.Concat(prefix, folder.Name);
        if (folder.IsMangled)
        {
            Say(path, FileFault.MangledName.Text);
        }
        else if (folder.Kind == EntryKind.Folder || (FileFacts.TryOfLink(path, out var facts) && facts.IsFolder))
        {
            Plan(visit with { Folder = path, Depth = visit.Depth + 1 });
        }
    }

    void TakeEntry(Visit visit, string prefix, FolderReader folder)
    {
        if (folder.Kind == EntryKind.Other || !Fits(visit.Part, prefix, folder.Name, out var isLast)
            || (isLast && folder.Kind == EntryKind.Folder) || (!isLast && folder.Kind == EntryKind.Regular))
        {
            return;
        }

        var path = string.Concat(prefix, folder.Name);
        if (folder.IsMangled)
        {
            Say(path, FileFault.MangledName.Text);
        }
        else if (isLast)
        {
            TakeFile(path, folder.Kind);
        }
        else if (folder.Kind == EntryKind.Folder)
        {
            Plan(visit with { Folder = path, Part = visit.Part + 1 });
        }
        else
        {
            TakeLinkedFolder(visit, path);
        }
    }

    // From a crossing part on the whole path is judged, and what fits is the file itself.
    bool Fits(int part, string prefix, ReadOnlySpan<char> name, out bool isLast)
    {
        isLast = part >= _pattern.Parts.Count - 1;
        if (part == _pattern.Parts.Count)
        {
            return true;
        }

        var named = _pattern.Parts[part];
        if (!named.IsCrossing)
        {
            return named.Literal is null && named.IsMatch(name);
        }

        isLast = true;
        return _pattern.IsMatch(string.Concat(prefix, name));
    }

    void SayUnlessAbsent(string path, FileFault fault)
    {
        if (fault.Code != 0 && !fault.IsAbsent)
        {
            Say(path, fault.Text);
        }
    }

    void Say(string path, string reason)
    {
        if (_faults.Count < MaxFaults)
        {
            _faults.TryAdd(path, reason);
        }
    }

    static string Join(string folder, string name) => folder == "/" ? "/" + name : $"{folder}/{name}";
}
