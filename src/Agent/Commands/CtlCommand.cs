using System.CommandLine;
using Agent.Config;

namespace Agent.Commands;

/// <summary><c>vigil ctl</c>, and the CloudWatch agent's own name for it: manages the service and its configuration by
/// the CloudWatch agent's verbs.</summary>
static class CtlCommand
{
    const string FetchConfig = "fetch-config";
    const string AppendConfig = "append-config";
    const string RemoveConfig = "remove-config";

    static readonly string[] Modes = ["ec2", "onPremise", "onPrem", "auto"];
    static readonly string[] Actions =
        ["start", "stop", "status", FetchConfig, AppendConfig, RemoveConfig, "prep-restart", "cond-restart", "preun"];

    /// <param name="isUpstream">Called by the CloudWatch agent's name: its paths and its service's name are
    /// meant.</param>
    public static Command Create(bool isUpstream)
    {
        var action = new Option<string>("-a")
        {
            Description = "What to do",
            HelpName = "ACTION",
            Required = true
        };
        action.AcceptOnlyFromAmong(Actions);
        var mode = new Option<string>("-m")
        {
            Description = "Where the host is; Vigil finds that out by itself, and takes it for the scripts that say it",
            HelpName = "MODE",
            DefaultValueFactory = _ => "ec2"
        };
        mode.AcceptOnlyFromAmong(Modes);
        var config = new Option<string?>("-c")
        {
            Description = "The configuration: file:PATH or ssm:PARAMETER; for remove-config also all",
            HelpName = "CONFIG"
        };
        var restart = new Option<bool>("-s") { Description = "Start the service again with it" };
        var root = RootOption.Create();
        var command = new Command(
            "ctl",
            "Manage the service and its configuration, by the verbs of amazon-cloudwatch-agent-ctl\n\n"
            + "Examples:\n"
            + "  vigil ctl -a fetch-config -m ec2 -s -c file:/etc/vigil/config.json\n"
            + "  vigil ctl -a append-config -s -c ssm:AmazonCloudWatch-linux\n"
            + "  vigil ctl -a status")
        {
            action, mode, config, restart, root
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var places = CtlPlaces.Of(isUpstream, parsed.GetRequiredValue(root));
            var (named, isRestarted) = (parsed.GetValue(config), parsed.GetValue(restart));
            var service = new CtlService(places);
            await PlanLoading.UseCommonAsync(CommonConfiguration.UsualPath);
            return await EndedAsync(DoAsync);

            Task<int> DoAsync() => parsed.GetRequiredValue(action) switch
            {
                FetchConfig => new CtlFetch(places).RunAsync(named, isAdded: false, isRestarted, cancel),
                AppendConfig => new CtlFetch(places).RunAsync(named, isAdded: true, isRestarted, cancel),
                RemoveConfig => new CtlFetch(places).RemoveAsync(named, isRestarted, cancel),
                "start" => service.StartAsync(cancel),
                "stop" => service.StopAsync(cancel),
                "prep-restart" => service.PrepareRestartAsync(cancel),
                "cond-restart" => service.RestartIfPreparedAsync(cancel),
                "preun" => service.ForgetAsync(cancel),
                _ => service.PrintStatusAsync(cancel)
            };
        });
        return command;
    }

    // Scripts go on after a 0, and what was asked for did not happen.
    static async Task<int> EndedAsync(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("vigil ctl: interrupted; vigil ctl -a status tells where things are");
            return ExitCode.Failed;
        }
    }
}
