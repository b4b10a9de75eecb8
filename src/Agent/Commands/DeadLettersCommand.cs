using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil deadletters</c>: the log events that the service refused for good.</summary>
static class DeadLettersCommand
{
    public static Command Create()
    {
        var state = StateOption.Create("The agent's state folder; the agent may run meanwhile");
        state.Recursive = true;
        var connection = new Connection();
        return new(
            "deadletters",
            "Look at the log events that the service refused for good, deliver them after all, or give them up\n\n"
            + "The agent keeps them in its state folder, up to vigil.dead_letters_mb of its configuration; beyond that "
            + "the oldest are given up, and vigil gaps still names them.\n\n"
            + "Examples:\n"
            + "  vigil deadletters list\n"
            + "  vigil deadletters show 12\n"
            + "  vigil deadletters export --all > dead.jsonl\n"
            + "  vigil deadletters replay --all --now --region eu-central-1\n"
            + "  vigil deadletters drop 12 13")
        {
            state,
            DeadLettersListCommand.Create(state),
            DeadLettersShowCommand.Create(state),
            DeadLettersExportCommand.Create(state),
            DeadLettersReplayCommand.Create(state, connection),
            DeadLettersDropCommand.Create(state)
        };
    }
}
