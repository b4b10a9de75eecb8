using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil deadletters show</c>.</summary>
static class DeadLettersShowCommand
{
    public static Command Create(Option<string> state)
    {
        var choice = new DeadLetterChoice();
        var plain = EventPrinter.PlainOption();
        var command = new Command("show", "Print their log events") { plain };
        choice.AddTo(command);
        command.SetGuardedAction((parsed, _) =>
        {
            var printer = new EventPrinter(parsed.GetValue(plain));
            DeadLettersFolder.Read(parsed, state, store =>
            {
                var letters = choice.In(store, parsed);
                foreach (var one in letters.SelectMany(gap => DeadLettersFolder.EventsOf(store, gap.DeadLetter!.Id)))
                {
                    printer.Print(one.Timestamp, null, one.Message);
                }

                return letters;
            });
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
