using System.CommandLine;
using Agent.Config;
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
        var config = new Option<string>("--config")
        {
            Description = "The configuration file, as the Amazon CloudWatch agent reads it (JSON)",
            HelpName = "FILE",
            Required = true
        };
        var state = StateOption.Create("Where to keep how far each file was delivered");
        var verbose = new Option<bool>("--verbose") { Description = "Log every batch" };
        var command = new Command("run", "Ship the configured log files to CloudWatch Logs until stopped")
        {
            config, state, verbose
        };
        command.SetAction((parsed, _) =>
            RunAsync(parsed.GetRequiredValue(config), parsed.GetRequiredValue(state), parsed.GetValue(verbose)));
        return command;
    }

    static async Task<int> RunAsync(string configPath, string stateFolder, bool isVerbose)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync(
                "vigil run: files are followed on Linux only so far. 'vigil local' and 'vigil logs' work here.");
            return ExitCode.Failed;
        }

        var result = ConfigurationReader.Read(configPath);
        foreach (var fault in result.Faults)
        {
            await Console.Error.WriteLineAsync($"{(fault.Severity == Severity.Error ? "error" : "warning")}: {fault}");
        }

        if (result.Configuration is not { } configuration)
        {
            return ExitCode.BadUsage;
        }

        var variant = HostEnvironment.Variant(configuration.Agent.UsesDualStack);
        if (ConfiguredPlan.Of(configuration, stateFolder, HostEnvironment.Region(), variant) is not { } plan)
        {
            await Console.Error.WriteLineAsync(
                $"error: {configPath}: agent.region: no region is known; set it there, or set AWS_REGION");
            return ExitCode.BadUsage;
        }

        if (configuration.Logs.Files.FirstOrDefault(file => file.FilePath.EndsWith('/')) is { } folder)
        {
            await Console.Error.WriteLineAsync(
                $"error: {folder.Place}: file_path: \"{folder.FilePath}\" is a folder; name each file in it");
            return ExitCode.BadUsage;
        }

        foreach (var file in configuration.Logs.Files.Where(file => !Path.IsPathRooted(file.FilePath)))
        {
            await Console.Error.WriteLineAsync(
                $"warning: {file.Place}: file_path: \"{file.FilePath}\" is relative and means "
                + $"{Path.GetFullPath(file.FilePath)} here; write the whole path");
        }

        return await HostAsync(plan, configuration.Agent, isVerbose);
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
