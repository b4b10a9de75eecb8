using System.Text;
using Agent.Aws;
using Agent.Checkpoint;
using Agent.Config;
using Agent.Events;
using Agent.Pipeline;

namespace Agent.Commands;

/// <summary>Takes over what another agent left: its configuration, and how far it has read.</summary>
sealed class Migration(MigrationSource source, CtlPlaces places)
{
    readonly CtlConfig _config = new(places);

    public async Task<int> RunAsync(bool isDry, CancellationToken cancel)
    {
        await SayAsync($"{source.Agent}: {string.Join(", ", source.Documents.Select(one => one.From))}");
        if (!isDry && await new Systemd(places).IsActiveAsync(source.Units, cancel) is { } running)
        {
            throw new UsageException(
                $"{running} runs, and what it reads now would be sent twice: systemctl disable --now {running}, and "
                + "migrate again");
        }

        if (_config.IsThere)
        {
            throw new UsageException(
                $"Vigil is configured already, in {places.ConfigFolder}: move those files away, or append to them with "
                + "vigil ctl -a append-config");
        }

        using var alone = isDry ? null : _config.Lock();
        if (source.EnvironmentPath is { } environment)
        {
            EnvironmentFile.TakeOver(environment); // what ${NAME} stands for
        }

        foreach (var note in source.Notes)
        {
            await SayAsync($"note: {note}");
        }

        var checkedAs = Check();
        await FaultText.PrintAsync(checkedAs.Faults);
        if (checkedAs.Configuration is null)
        {
            await Console.Error.WriteLineAsync(
                "vigil migrate: what it comes to is no good configuration, so nothing is taken over; put right what is "
                + "said above where it stands, and migrate again");
            return ExitCode.Failed;
        }

        var plan = ConfiguredPlan.Of(
            checkedAs.Configuration, places.StateFolder, "us-east-1", new EndpointVariant()); // nothing is sent by it
        var notes = new List<string>();
        var positions = source.ReadPositions(notes);
        foreach (var note in notes)
        {
            await SayAsync($"note: {note}");
        }

        await (isDry ? ShowAsync(plan!, positions) : TakeOverAsync(plan!, positions));
        return ExitCode.Done;
    }

    ReadResult Check() => source.Documents is [var only]
        ? ConfigurationReader.Read(only.From, only.Text)
        : ConfigurationReader.Read([.. source.Documents.Select(one => one.From)]);

    async Task ShowAsync(Plan plan, List<ForeignPosition> positions)
    {
        foreach (var (from, name, text) in source.Documents)
        {
            await SayAsync($"{from} would be {Path.Combine(places.ConfigFolder, name)}:");
            await SayAsync(Encoding.UTF8.GetString(text).ReplaceLineEndings("\n").Split('\n'));
        }

        var known = PositionStore.LookInto(places.StateFolder, store => store.ReadPositions()) ?? [];
        await SayAsync(ImportOf(plan, positions, known).Said);
        await SayAsync("nothing was written (--dry-run)");
    }

    // The positions first: with a configuration but without them everything would be sent again.
    async Task TakeOverAsync(Plan plan, List<ForeignPosition> positions)
    {
        using (var folder = StateFolder.Take(places.StateFolder))
        using (var store = PositionStore.Open(folder.Path, out _))
        {
            var import = ImportOf(plan, positions, store.ReadPositions());
            store.Commit(import.Rows.ToList(), []);
            await SayAsync(import.Said);
        }

        if (source.Environment is { } variables && !File.Exists(EnvironmentFile.Of(places.ConfigFolder)))
        {
            variables.ToList().ForEach(one =>
                EnvironmentFile.Set(EnvironmentFile.Of(places.ConfigFolder), one.Key, one.Value));
        }

        foreach (var (from, name, text) in source.Documents)
        {
            var isSecret = name.StartsWith("ssm_", StringComparison.Ordinal);
            var pending = _config.Fetch(name, text, isSecret);
            _config.Accept(pending, isAdded: true);
            await SayAsync($"{from} is taken over as {pending.Final}");
        }

        await SayAsync("start it with: vigil ctl -a start");
    }

    static PositionImport ImportOf(
        Plan plan, List<ForeignPosition> positions, IReadOnlyList<FilePosition> known)
    {
        var import = new PositionImport(plan.Entries, known, TimeProvider.System);
        positions.ForEach(import.Add);
        return import;
    }

    static async Task SayAsync(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            await SayAsync(line);
        }
    }

    static Task SayAsync(string line) => Console.Out.WriteLineAsync(Terminal.Harmless(line));
}
