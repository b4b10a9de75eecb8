using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil deadletters drop</c>.</summary>
static class DeadLettersDropCommand
{
    public static Command Create(Option<string> state)
    {
        var choice = new DeadLetterChoice();
        var command = new Command("drop", "Give their log events up; vigil gaps still names them");
        choice.AddTo(command);
        command.SetGuardedAction(async (parsed, _) =>
        {
            var dropped = DeadLettersFolder.Change(parsed, state, store =>
            {
                var letters = choice.In(store, parsed);
                letters.ForEach(gap => store.Letters.Drop(gap.DeadLetter!.Id));
                return letters;
            });
            await Console.Out.WriteLineAsync($"dropped: {dropped.Count}");
            return ExitCode.Done;
        });
        return command;
    }
}
