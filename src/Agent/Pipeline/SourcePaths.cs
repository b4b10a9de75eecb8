namespace Agent.Pipeline;

/// <summary>The sources by the paths at which changes of their files are told: the path that each reads, and where else
/// its files are by now. Quiet ones cost next to nothing when it looks again: with thousands of them that is most of
/// what an idle agent does.</summary>
sealed class SourcePaths
{
    static readonly List<Source> Nobody = [];

    readonly Dictionary<string, List<Source>> _byPath = [];

    // Of few: where files are beside the path that is read.
    readonly Dictionary<Source, List<string>> _elsewhere = [];

    /// <summary>The sources that a change at a path concerns.</summary>
    public List<Source> At(string path) => _byPath.GetValueOrDefault(path, Nobody);

    public void Add(Source source)
    {
        Note(source.Path, source);
        NoteElsewhere(source);
    }

    public void Remove(Source source)
    {
        Forget(source.Path, source);
        if (_elsewhere.Remove(source, out var paths))
        {
            paths.ForEach(path => Forget(path, source));
        }
    }

    /// <summary>A file of a source has another name now.</summary>
    public void NoteElsewhere(string path, Source source)
    {
        if (!Note(path, source))
        {
            return; // the path that is read is among those
        }

        if (!_elsewhere.TryGetValue(source, out var paths))
        {
            _elsewhere[source] = paths = [];
        }

        paths.Add(path);
    }

    /// <summary>Looks where the files of all sources are now: what was renamed, linked or given up.</summary>
    public void LookAgain(IEnumerable<Source> all)
    {
        foreach (var (source, paths) in _elsewhere)
        {
            paths.ForEach(path => Forget(path, source));
        }

        _elsewhere.Clear();
        foreach (var source in all)
        {
            NoteElsewhere(source);
        }
    }

    void NoteElsewhere(Source source)
    {
        if (source.LinkTarget is { } target)
        {
            // The changes of a linked file are seen in the folder it lies in, not in the link's.
            NoteElsewhere(target, source);
        }

        if (!source.HasPast)
        {
            return;
        }

        foreach (var past in source.Lives.Where(life => life.IsPast).Select(life => life.Lane.Content.CurrentPath))
        {
            if (past is not null)
            {
                NoteElsewhere(past, source);
            }
        }
    }

    bool Note(string path, Source source)
    {
        if (!_byPath.TryGetValue(path, out var list))
        {
            _byPath[path] = list = new(1);
        }

        var isNew = !list.Contains(source);
        if (isNew)
        {
            list.Add(source);
        }

        return isNew;
    }

    void Forget(string path, Source source)
    {
        if (_byPath.TryGetValue(path, out var list) && list.Remove(source) && list.Count == 0)
        {
            _byPath.Remove(path);
        }
    }
}
