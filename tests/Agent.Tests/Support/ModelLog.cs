using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Agent.Tests.Support;

/// <summary>A log, its rotated siblings and their writer: real files, and beside them what the model knows of each. A
/// step that makes no sense at its place does nothing, so that a script can be shortened.</summary>
/// <param name="isPattern">Whether every file is a log of its own.</param>
/// <param name="isDelivered">Whether the service has a line.</param>
sealed class ModelLog(TestFolder folder, bool isPattern, Func<string, bool> isDelivered)
{
    const string Name = "log";
    const string Rest = " whole"; // of a partial line
    const int MostSiblings = 6;

    // The times that the folder is given: its listings are kept as long as its own time stays as it is, and a test is
    // faster than a tick of the clock that stamps folders.
    static readonly DateTime FirstTime = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    readonly List<(string Name, ModelContent Content)> _siblings = []; // newest first
    readonly List<(List<string> Lines, object Origin, int Looks)> _losses = [];
    ModelContent? _current;
    int _lines;
    int _changes;
    int _looks;
    bool _isWrittenLate; // the writer still has the newest sibling open

    /// <summary>Whether copytruncate is between its two steps.</summary>
    public bool IsCopied { get; private set; }

    /// <summary>Whether there is a copy of a log that was written to before it was truncated.</summary>
    public bool HasShortCopy => _siblings.Exists(one => one.Content.IsShort);

    /// <summary>Whether an agent runs, which has the files open that it knows.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Every text that a line ever had: those of partial lines too.</summary>
    public HashSet<string> Texts { get; } = [];

    public IEnumerable<ModelContent> Contents =>
        _siblings.Select(one => one.Content).Concat(_current is null ? [] : [_current]);

    /// <summary>Lines that must arrive and did not. The last one of a log may wait for its end; one that a copy cut
    /// off may arrive whole.</summary>
    public IEnumerable<string> Owed => Contents
        .SelectMany(one => one.IsOpen && (isPattern || one == _current) ? one.Lines.SkipLast(1) : one.Lines)
        .Distinct()
        .Where(line => !isDelivered(line) && !isDelivered(line + Rest));

    /// <summary>What was destroyed of files that the agent knew: each needs a record.</summary>
    /// <remarks>What is lost of a log and of its copy between two looks is one loss.</remarks>
    public IEnumerable<List<string>> Losses => _losses.Select(loss => loss.Lines);

    /// <summary>What every file holds in its order.</summary>
    public List<List<string>> Orders { get; } = [];

    public void Apply(ModelStep step)
    {
        switch (step.Word)
        {
            case "write": Write(step.Amount); break;
            case "partial": WritePartial(); break;
            case "finish": Finish(Name, _current); break;
            case "late": WriteLate(step.Amount); break;
            case "rotate": Rotate(NumberedName, isCreated: true); break;
            case "date": Rotate(DatedName, isCreated: true); break;
            case "rename": Rotate(NumberedName, isCreated: false); break;
            case "replace": Delete(isCreated: true); break;
            case "delete": Delete(isCreated: false); break;
            case "copy": Copy(); break;
            case "truncate": Truncate(); break;
            case "compress": Compress(step.Amount); break;
            case "remove": RemoveOldest(); break;
            default: throw new ArgumentException($"no such step: {step}", nameof(step));
        }

        Directory.SetLastWriteTimeUtc(folder.Root, FirstTime.AddMilliseconds(++_changes + 0.5));
    }

    /// <summary>The agent had a look.</summary>
    public void NoteLook() => _looks++;

    /// <summary>Its writer was told to reopen the log long ago.</summary>
    public void EndLateWriting() => _isWrittenLate = false;

    /// <summary>What copytruncate has begun is brought to its end, and a last line makes sure that there is a log.
    /// </summary>
    public void End()
    {
        if (IsCopied)
        {
            Apply(new("truncate", 0));
        }

        Apply(new("write", 1));
    }

    void Write(int lines)
    {
        Create();
        Finish(Name, _current);
        Append(Name, _current!, lines);
    }

    void Append(string name, ModelContent content, int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            var text = $"line {++_lines} {new string('x', _lines * 37 % 90)}";
            folder.Append(name, text + "\n");
            Texts.Add(text);
            content.Lines.Add(text);
        }
    }

    void WritePartial()
    {
        Create();
        if (!_current!.IsOpen)
        {
            var text = $"half {++_lines}";
            folder.Append(Name, text);
            Texts.Add(text);
            _current.Lines.Add(text);
            _current.IsOpen = true;
        }
    }

    void Finish(string name, ModelContent? content)
    {
        if (content is { IsOpen: true })
        {
            folder.Append(name, Rest + "\n");
            content.Lines[^1] += Rest;
            Texts.Add(content.Lines[^1]);
            content.IsOpen = false;
        }
    }

    void WriteLate(int lines)
    {
        if (_isWrittenLate)
        {
            var (name, content) = _siblings[0];
            Finish(name, content);
            Append(name, content, lines);
        }
    }

    void Create()
    {
        if (_current is null)
        {
            folder.Write(Name, "");
            _current = NewContent();
        }
    }

    ModelContent NewContent()
    {
        var content = new ModelContent();
        Orders.Add(content.Lines);
        return content;
    }

    void Rotate(Func<string> name, bool isCreated)
    {
        if (_current is null || IsCopied || _siblings.Count >= MostSiblings)
        {
            return;
        }

        var newName = name();
        File.Move(folder[Name], folder[newName]);
        _siblings.Insert(0, (newName, _current));
        _current = null;
        _isWrittenLate = true;
        if (isCreated)
        {
            Create();
        }
    }

    string NumberedName()
    {
        var numbered = _siblings.Where(one => one.Name.StartsWith("log.", StringComparison.Ordinal)).ToList();
        foreach (var (old, content) in numbered.OrderByDescending(one => NumberOf(one.Name)))
        {
            var end = old.EndsWith(".gz", StringComparison.Ordinal) ? ".gz" : "";
            var shifted = $"log.{NumberOf(old) + 1}{end}";
            File.Move(folder[old], folder[shifted]);
            _siblings[_siblings.IndexOf((old, content))] = (shifted, content);
        }

        return "log.1";
    }

    string DatedName() => $"log-{FirstTime.AddDays(++_changes):yyyyMMdd}";

    static int NumberOf(string name) => int.Parse(name.Split('.')[1], CultureInfo.InvariantCulture);

    void Copy()
    {
        if (_current is not null && !IsCopied && _siblings.Count < MostSiblings)
        {
            var name = NumberedName();
            File.Copy(folder[Name], folder[name]);
            var copy = _current.Copy();
            Orders.Add(copy.Lines);
            _siblings.Insert(0, (name, copy));
            IsCopied = true;
            _isWrittenLate = false;
        }
    }

    // The writer appends, and has forgotten what it had not finished.
    void Truncate()
    {
        if (_current is { } old)
        {
            folder.Write(Name, "");
            _current = NewContent();
            _current.CutFrom = old.Origin;
            NoteLoss(old);
            if (IsCopied)
            {
                _siblings[0].Content.IsShort = _siblings[0].Content.Lines.Count < old.Lines.Count;
            }
        }

        IsCopied = false;
    }

    void Delete(bool isCreated)
    {
        if (_current is not { } old || IsCopied)
        {
            return;
        }

        File.Delete(folder[Name]);
        _current = null;
        NoteLoss(old);
        NoteGone(old);
        if (isCreated)
        {
            Create();
        }
    }

    // As gzip does it: the new file keeps the old one's times.
    void Compress(int which)
    {
        if (which >= _siblings.Count || (IsCopied && which == 0)
            || _siblings[which].Name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return;
        }

        var (name, content) = _siblings[which];
        var packed = name + ".gz";
        using (var target = File.Create(folder[packed]))
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(folder[name]));
        }

        File.SetLastWriteTimeUtc(folder[packed], File.GetLastWriteTimeUtc(folder[name]));
        File.Delete(folder[name]);
        NoteGone(content);
        _siblings[which] = (packed, content);
        _isWrittenLate &= which > 0;
    }

    void RemoveOldest()
    {
        if (_siblings.Count == 0 || (IsCopied && _siblings.Count == 1))
        {
            return;
        }

        var (name, content) = _siblings[^1];
        File.Delete(folder[name]);
        _siblings.RemoveAt(_siblings.Count - 1);
        _isWrittenLate &= _siblings.Count > 0;
        NoteLoss(content);
        NoteGone(content);
    }

    // Only what a copy still holds can be had.
    void NoteLoss(ModelContent gone)
    {
        var held = Contents.SelectMany(one => one.Lines).ToHashSet();
        var lost = gone.Lines.Where(line => !held.Contains(line) && !isDelivered(line)).ToList();
        if (gone.IsKnown && lost.Count > 0)
        {
            var same = _losses.Find(loss => loss.Origin == gone.Origin && loss.Looks == _looks);
            if (same.Lines is null)
            {
                _losses.Add((lost, gone.Origin, _looks));
            }
            else
            {
                same.Lines.AddRange(lost);
            }
        }
    }

    // That a log was truncated while nobody looked shows by its inode only: its copy may be itself.
    void NoteGone(ModelContent gone)
    {
        if (!IsWatched)
        {
            _losses.RemoveAll(loss => loss.Origin == gone.CutFrom && loss.Looks == _looks);
        }
    }

    /// <summary>The files as a person would list them.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, content) in _siblings.Prepend((Name, _current ?? new())))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name}: {string.Join(" | ", content.Lines)}");
        }

        return text.ToString();
    }
}
