using System.CommandLine;

namespace Agent.Commands;

/// <summary>The option that puts what is written under a folder, as packages and tests do.</summary>
static class RootOption
{
    public static Option<string> Create() => new("--root")
    {
        Description = "A folder that all that is written lies under",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/"
    };
}
