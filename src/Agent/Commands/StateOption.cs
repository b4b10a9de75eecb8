using System.CommandLine;

namespace Agent.Commands;

/// <summary>The option that names the state folder; by it, a running agent is found.</summary>
static class StateOption
{
    const string Default = "/var/lib/vigil";

    public static Option<string> Create(string description) => new("--state")
    {
        Description = description,
        HelpName = "DIR",
        DefaultValueFactory = _ => Default
    };
}
