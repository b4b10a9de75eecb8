using System.CommandLine;
using System.Runtime.InteropServices;
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
        var command = new Command(
            "run",
            "Ship the configured log files to CloudWatch Logs until stopped. SIGHUP reads the configuration again\n\n"
            + "Examples:\n"
            + "  vigil run --config /etc/vigil/config.json\n"
            + "  vigil run --config /etc/vigil/config.d --state /var/lib/vigil")
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

        RunConfiguration? source = null;
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true; // from the first moment on: it would end the process
            source?.Ask();
        });
        await loading.UseCommonAsync(parsed);
        using var log = new ServiceLog(isVerbose);
        source = new RunConfiguration(loading.PathIn(parsed), stateFolder, log);
        var reading = await source.ReadAsync(CancellationToken.None);
        foreach (var fault in reading.Faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        return reading.Plan is { } plan ? await HostAsync(plan, source, log) : ExitCode.BadUsage;
    }

    static async Task<int> HostAsync(Plan plan, RunConfiguration source, ServiceLog log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSerilog(log.Written);
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new Reloading(
            source.Path, source.ReadAsync, services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("vigil.config")));
        builder.Services.AddSingleton(services => new Pipeline.Pipeline(
            plan, services.GetRequiredService<Reloading>(), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<PipelineService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PipelineService>());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Plan.Drain * 2);
        using var host = builder.Build();
        var service = host.Services.GetRequiredService<PipelineService>();
        var reloading = host.Services.GetRequiredService<Reloading>();
        source.SetReader(reloading.Request);
        await host.RunAsync();
        return service.Fault is null ? ExitCode.Done : ExitCode.Failed;
    }
}
