using System.CommandLine;
using Agent.Config.Model;
using Agent.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;

namespace Agent.Commands;

/// <summary><c>vigil run</c>: the agent in the foreground, as its service starts it.</summary>
static class RunCommand
{
    public static Command Create()
    {
        var loading = new PlanLoading();
        var state = StateOption.Create("Where to keep how far each file was delivered");
        var verbose = new Option<bool>("--verbose") { Description = "Log every batch" };
        var command = new Command("run", "Ship the configured log files to CloudWatch Logs until stopped")
        {
            state, verbose
        };
        loading.AddTo(command);
        command.SetAction((parsed, _) =>
            RunAsync(loading, parsed, parsed.GetRequiredValue(state), parsed.GetValue(verbose)));
        return command;
    }

    static async Task<int> RunAsync(PlanLoading loading, ParseResult parsed, string stateFolder, bool isVerbose)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync(
                "vigil run: files are followed on Linux only so far. 'vigil local' and 'vigil logs' work here.");
            return ExitCode.Failed;
        }

        return await loading.LoadAsync(parsed, stateFolder) is { } loaded
            ? await HostAsync(loaded.Plan, loaded.Configuration.Agent, isVerbose)
            : ExitCode.BadUsage;
    }

    static async Task<int> HostAsync(Plan plan, AgentSection agent, bool isVerbose)
    {
        await using var log = ServiceLog.Create(isVerbose || agent.Debug);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSerilog(log);
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new Pipeline.Pipeline(
            plan, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<PipelineService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PipelineService>());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Plan.Drain * 2);
        using var host = builder.Build();
        var service = host.Services.GetRequiredService<PipelineService>();
        await host.RunAsync();
        return service.Fault is null ? ExitCode.Done : ExitCode.Failed;
    }
}
