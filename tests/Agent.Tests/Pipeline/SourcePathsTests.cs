using Agent.Pipeline;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Whom a change at a path concerns.</summary>
public sealed class SourcePathsTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
    readonly SourcePaths _paths = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ChangesAreToldWhereTheFilesOfAPathAreByNow()
    {
        await using var run = Start("log");
        _folder.Write("log", "one\n");
        run.Read();
        File.Move(_folder["log"], _folder["log.1"]);
        _folder.Write("log", "");
        run.Read();
        var source = Assert.Single(run.Entry.Sources);
        _paths.Add(source);
        Assert.Equal([source], _paths.At(_folder["log.1"]));

        File.Move(_folder["log.1"], _folder["log.2"]);
        _paths.LookAgain(run.Entry.Sources);

        Assert.Equal([source], _paths.At(_folder["log"]));
        Assert.Equal([source], _paths.At(_folder["log.2"]));
        Assert.Empty(_paths.At(_folder["log.1"]));
    }

    [Fact]
    public async Task ChangesOfALinkedFileAreToldWhereTheLinkLeads()
    {
        await using var run = Start("log");
        var source = Assert.Single(run.Entry.Sources);
        _paths.Add(source);
        source.LinkTarget = _folder["first"];
        _paths.LookAgain(run.Entry.Sources);
        Assert.Equal([source], _paths.At(_folder["first"]));

        source.LinkTarget = _folder["second"];
        _paths.LookAgain(run.Entry.Sources);

        Assert.Equal([source], _paths.At(_folder["second"]));
        Assert.Empty(_paths.At(_folder["first"]));
        Assert.Equal([source], _paths.At(_folder["log"]));
    }

    [Fact]
    public async Task AFileThatIsRenamedBackIsToldOfAtItsPathAsBefore()
    {
        await using var run = Start("log");
        var source = Assert.Single(run.Entry.Sources);
        _paths.Add(source);
        _paths.NoteElsewhere(_folder["log.1"], source);
        _paths.NoteElsewhere(_folder["log"], source);
        _paths.LookAgain(run.Entry.Sources);

        Assert.Equal([source], _paths.At(_folder["log"]));
        Assert.Empty(_paths.At(_folder["log.1"]));
    }

    [Fact]
    public async Task OnlyWhatIsForgottenIsToldOfNothingMore()
    {
        _folder.Write("a.log", "one\n");
        _folder.Write("b.log", "two\n");
        await using var run = Start("*.log");
        run.Read();
        foreach (var source in run.Entry.Sources)
        {
            _paths.Add(source);
            _paths.NoteElsewhere(_folder["both"], source); // one after the other had that name
        }

        var (forgotten, kept) = (run.Entry.Sources.First(), run.Entry.Sources.Last());
        _paths.Remove(forgotten);

        Assert.Empty(_paths.At(forgotten.Path));
        Assert.Equal([kept], _paths.At(kept.Path));
        Assert.Equal([kept], _paths.At(_folder["both"]));
    }

    [Fact]
    public async Task ToLookAgainAtFilesThatStayWhereTheyAreAllocatesNothingForEach()
    {
        for (var i = 0; i < 500; i++)
        {
            _folder.Write($"{i}.log", "one\n");
        }

        await using var run = Start("*.log");
        run.Read();
        var sources = run.Entry.Sources.ToList();
        sources.ForEach(_paths.Add);
        _paths.LookAgain(sources); // what is made once
        var before = GC.GetAllocatedBytesForCurrentThread();
        _paths.LookAgain(sources);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, sources.Count);
        Assert.Equal(500, sources.Count);
    }

    RunningSource Start(string pattern) =>
        new(RunningSource.PlanOf(_folder[pattern]) with { TailsAll = true }, _folder["state"], _time, new());
}
