namespace Agent.Commands;

/// <summary>The names that scripts and tutorials have for the CloudWatch agent's programs. A link of that name to vigil
/// is the verb, with the CloudWatch agent's paths.</summary>
static class CalledAs
{
    /// <summary>The verb that this process was called as; null where its name is its own.</summary>
    public static string? This => VerbOf(Path.GetFileName(Name()));

    // A link is followed before .NET looks at its name, so that the kernel is asked.
    static string Name()
    {
        const string CommandLine = "/proc/self/cmdline";
        return File.Exists(CommandLine)
            ? File.ReadAllText(CommandLine).Split('\0')[0]
            : Environment.GetCommandLineArgs()[0];
    }

    static string? VerbOf(string name) => name switch
    {
        "amazon-cloudwatch-agent-config-wizard" => "wizard",
        "amazon-cloudwatch-agent-ctl" => "ctl",
        _ => null
    };
}
