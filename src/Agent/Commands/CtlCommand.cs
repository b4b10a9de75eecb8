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

    static readonly string[] Actions =
    [
        "start", "stop", "status", "status-with-workloads", FetchConfig, AppendConfig, RemoveConfig, "set-log-level",
        "set-env", "prep-restart", "cond-restart", "preun"
    ];

    /// <param name="isUpstream">Called by the CloudWatch agent's name: its paths and its service's name are
    /// meant.</param>
    public static Command Create(bool isUpstream)
    {
        var options = new CtlOptions(Actions);
        var command = new Command(
            "ctl",
            "Manage the service and its configuration, by the verbs of amazon-cloudwatch-agent-ctl\n\n"
            + "Examples:\n"
            + "  vigil ctl -a fetch-config -m ec2 -s -c file:/etc/vigil/config.json\n"
            + "  vigil ctl -a append-config -s -c ssm:AmazonCloudWatch-linux\n"
            + "  vigil ctl -a set-log-level -l DEBUG\n"
            + "  vigil ctl -a set-env -e HTTPS_PROXY=http://proxy:3128\n"
            + "  vigil ctl -a status");
        options.AddTo(command);
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            await PlanLoading.UseCommonAsync(CommonConfiguration.UsualPath);
            return await EndedAsync(() => DoAsync(options.In(parsed), isUpstream, cancel));
        });
        return command;
    }

    static Task<int> DoAsync(CtlRequest asked, bool isUpstream, CancellationToken cancel)
    {
        var places = CtlPlaces.Of(isUpstream, asked.Root);
        var service = new CtlService(places);
        var surroundings = new CtlEnvironment(places, service);
        if (asked.IsDualStack)
        {
            Environment.SetEnvironmentVariable("AWS_USE_DUALSTACK_ENDPOINT", "true");
        }

        return asked.Action switch
        {
            FetchConfig => FetchAsync(isAdded: false),
            AppendConfig => FetchAsync(isAdded: true),
            RemoveConfig => new CtlFetch(places).RemoveAsync(asked.Config, asked.IsApplied, cancel),
            "start" => service.StartAsync(cancel),
            "stop" => service.StopAsync(cancel),
            "prep-restart" => service.PrepareRestartAsync(cancel),
            "cond-restart" => service.RestartIfPreparedAsync(cancel),
            "preun" => service.ForgetAsync(cancel),
            "set-log-level" => surroundings.SetLevelAsync(asked.Level, cancel),
            "set-env" => surroundings.SetVariableAsync(asked.Variable, cancel),
            "status-with-workloads" => service.PrintStatusAsync(hasWorkloads: true, cancel),
            _ => service.PrintStatusAsync(hasWorkloads: false, cancel)
        };

        Task<int> FetchAsync(bool isAdded) => new CtlFetch(places).RunAsync(
            asked.Config, isAdded, asked.IsApplied, () => surroundings.RememberMode(asked.Mode), cancel);
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
