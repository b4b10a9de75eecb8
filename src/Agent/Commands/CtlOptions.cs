using System.CommandLine;

namespace Agent.Commands;

/// <summary>What ctl is asked for.</summary>
/// <param name="Mode">Null where none is said.</param>
/// <param name="Config">As behind -c.</param>
/// <param name="IsApplied">What it comes to is put in force at once.</param>
/// <param name="Level">For set-log-level.</param>
/// <param name="Variable">For set-env.</param>
sealed record CtlRequest(
    string Action, string? Mode, string? Config, bool IsApplied, bool IsDualStack, string? Level, string? Variable,
    string Root);

/// <summary>The flags of amazon-cloudwatch-agent-ctl.</summary>
sealed class CtlOptions
{
    readonly Option<string> _action = new("-a") { Description = "What to do", HelpName = "ACTION", Required = true };
    readonly Option<string?> _mode = new("-m")
    {
        Description = "Where the host is. onPremise (or onPrem): log streams are named after the host where none is "
            + "named, and credentials are those of the profile AmazonCloudWatchAgent if there is one. It is "
            + "remembered; ec2 where none ever was said",
        HelpName = "MODE"
    };

    readonly Option<string?> _config = new("-c")
    {
        Description = "The configuration: file:PATH or ssm:PARAMETER; for remove-config also all",
        HelpName = "CONFIG"
    };

    readonly Option<bool> _apply = new("-s")
    {
        Description = "Put it in force: the agent that runs takes it over, one that does not is started"
    };

    readonly Option<bool> _dualStack = new("-d") { Description = "Ask the parameter store by its dual-stack address" };
    readonly Option<string?> _level = new("-l")
    {
        Description = "For set-log-level: " + string.Join(", ", EnvironmentFile.Levels),
        HelpName = "LEVEL"
    };

    readonly Option<string?> _variable = new("-e")
    {
        Description = "For set-env: a variable of the agent's environment",
        HelpName = "KEY=VALUE"
    };

    readonly Option<string> _root = RootOption.Create();

    public CtlOptions(string[] actions)
    {
        _action.AcceptOnlyFromAmong(actions);
        _mode.AcceptOnlyFromAmong(HostMode.Known);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_action, _mode, _config, _apply, _dualStack, _level, _variable, _root])
        {
            command.Options.Add(option);
        }
    }

    public CtlRequest In(ParseResult parsed) => new(
        parsed.GetRequiredValue(_action), parsed.GetValue(_mode), parsed.GetValue(_config), parsed.GetValue(_apply),
        parsed.GetValue(_dualStack), parsed.GetValue(_level), parsed.GetValue(_variable),
        parsed.GetRequiredValue(_root));
}
