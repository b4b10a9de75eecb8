using System.CommandLine;
using Agent.Checkpoint;
using Agent.Events;

namespace Agent.Commands;

/// <summary>Which dead letters a command is about: those whose numbers are given, or all.</summary>
sealed class DeadLetterChoice
{
    readonly Argument<long[]> _ids = new("ID")
    {
        Description = "Their numbers, as vigil deadletters list shows them",
        Arity = ArgumentArity.ZeroOrMore
    };

    readonly Option<bool> _all = new("--all") { Description = "All of them" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_ids);
        command.Options.Add(_all);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_all) == result.GetValue(_ids) is { Length: > 0 })
            {
                result.AddError("name the dead letters by their numbers, or take --all");
            }
        });
    }

    /// <summary>Those that are meant, oldest first.</summary>
    /// <exception cref="UsageException">One is not there.</exception>
    public List<Gap> In(PositionStore store, ParseResult parsed)
    {
        var kept = Kept(store);
        if (parsed.GetValue(_all))
        {
            return kept;
        }

        var ids = parsed.GetValue(_ids) ?? [];
        var missing = ids.Except(kept.Select(gap => gap.DeadLetter!.Id)).ToList();
        return missing.Count == 0
            ? kept.FindAll(gap => ids.Contains(gap.DeadLetter!.Id))
            : throw new UsageException(
                $"there is no dead letter {string.Join(", ", missing)}; 'vigil deadletters list' shows what there is");
    }

    /// <summary>The dead letters whose log events are kept, oldest first.</summary>
    public static List<Gap> Kept(PositionStore store) =>
        store.Gaps.Read().FindAll(gap => gap.DeadLetter is { StoredBytes: > 0 });
}
