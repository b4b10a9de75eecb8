using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil config</c>: what a configuration says, and whether it is good.</summary>
static class ConfigCommand
{
    /// <summary>Where the configuration of the service is, should nobody name one.</summary>
    const string UsualFile = "/etc/vigil/config.json";
    const string UsualFolder = "/etc/vigil/config.d";

    public static Command Create() => new(
        "config", "Check a configuration, show it with all its files as one, or say what it may hold")
    {
        ConfigCheckCommand.Create(),
        ConfigShowCommand.Create(),
        ConfigExplainCommand.Create(),
        ConfigSchemaCommand.Create()
    };

    public static Argument<string> PathArgument() => new("PATH")
    {
        Description = "A configuration file, or a folder whose files are one configuration together; default: "
            + $"{UsualFolder}, or else {UsualFile}",
        DefaultValueFactory = _ => Directory.Exists(UsualFolder) ? UsualFolder : UsualFile
    };
}
