using System.CommandLine;
using Agent.Aws;
using Agent.Discovery;
using Agent.Native;
using Agent.Pipeline;
using CloudWatch.Wire;
using LocalCloud;
using Microsoft.Extensions.Logging.Abstractions;
using Serilog.Extensions.Logging;

namespace Agent.Commands;

/// <summary><c>vigil demo</c>: the agent and a CloudWatch of its own in one process, to see a line's whole way
/// without an account, a configuration or a trace left behind.</summary>
static class DemoCommand
{
    const string LogGroup = "vigil-demo";

    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "The log to ship; default: the first of /var/log/secure and /var/log/auth.log that can be "
                + "read, else a sample that goes on growing",
            Arity = ArgumentArity.ZeroOrOne
        };
        var seconds = WholeNumber.Option("--seconds", "N", "Stop by itself after so many seconds", 1, 86_400);
        var command = new Command(
            "demo",
            "Ship a log to a CloudWatch of its own on this machine, and show what happens\n\n"
            + "Examples:\n"
            + "  vigil demo\n"
            + "  vigil demo /var/log/syslog --seconds 30")
        {
            file, seconds
        };
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var limit = parsed.GetValue(seconds) is { } most
                ? TimeProvider.System.CreateTimer(
                    _ => ends.Cancel(), null, TimeSpan.FromSeconds(most), Timeout.InfiniteTimeSpan)
                : null;
            return await RunAsync(parsed.GetValue(file), ends.Token);
        });
        return command;
    }

    static async Task<int> RunAsync(string? file, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("files are followed on Linux only so far; 'vigil local' works here");
        }

        if (file is not null && !CanRead(file))
        {
            throw new UsageException(
                $"{file} is no file that can be read: name one that is, or none for a sample");
        }

        var folder = Directory.CreateTempSubdirectory("vigil-demo-").FullName;
        try
        {
            await using var server = await LocalCloudServer.StartAsync(
                new() { DataFolder = Path.Combine(folder, "cloud"), Port = 0 }, TimeProvider.System, cancel);
            var sample = file ?? FirstReadable() ?? Path.Combine(folder, "secure");
            var plan = PlanOf(Path.GetFullPath(sample), Path.Combine(folder, "state"), server.Endpoint);
            await IntroduceAsync(plan, isSample: sample.StartsWith(folder, StringComparison.Ordinal));
            await ShipAsync(plan, sample.StartsWith(folder, StringComparison.Ordinal) ? sample : null, cancel);
            await SumUpAsync(plan);
            await server.StopAsync(CancellationToken.None);
            return ExitCode.Done;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task ShipAsync(Plan plan, string? samplePath, CancellationToken cancel)
    {
        using var log = new ServiceLog(isVerbose: true);
        using var logs = new SerilogLoggerFactory(log.Written);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var writing = samplePath is null
            ? Task.CompletedTask
            : new SampleLog(samplePath, TimeProvider.System).WriteAsync(ends.Token);
        try
        {
            using var unchanging = Unchanging();
            await new Pipeline.Pipeline(plan, unchanging, TimeProvider.System, logs).RunAsync(cancel);
        }
        finally
        {
            await ends.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static Reloading Unchanging() => new(
        "vigil demo",
        _ => Task.FromResult(new PlanReading(null, ["a demonstration has no configuration to read again"])),
        TimeProvider.System,
        NullLogger.Instance);

    static Plan PlanOf(string path, string state, Uri endpoint) => new(
        [EntryOf(path)],
        state,
        new(endpoint, "us-east-1"),
        "us-east-1",
        Linger: TimeSpan.FromMilliseconds(200),
        MemoryBudgetBytes: 32 << 20);

    static EntryPlan EntryOf(string path) => new(
        Glob.Literal(path), LogGroup, Environment.MachineName, _ => (LogGroup, Environment.MachineName), _ => false)
    {
        RetentionDays = 7
    };

    static async Task IntroduceAsync(Plan plan, bool isSample)
    {
        var vigil = Environment.ProcessPath ?? "vigil";
        var address = plan.Endpoint.Address.GetLeftPart(UriPartial.Authority);
        await Console.Out.WriteLineAsync(
            $"""
            A CloudWatch of its own listens on {address}. Vigil ships {(isSample ? "a sample log" : "this log")} to it:

              {plan.Entries[0].Files.LiteralPath}  ->  log group {LogGroup}, log stream {plan.Entries[0].Stream}

            Ctrl-C stops both and leaves nothing behind.

            In another terminal:
              {vigil} logs tail {LogGroup} --follow --endpoint {address}
              {vigil} logs tail {LogGroup} --filter '"authentication failure"' --endpoint {address}
              aws logs filter-log-events --log-group-name {LogGroup} \
                --endpoint-url {address} --region us-east-1 --no-sign-request

            """);
    }

    static async Task SumUpAsync(Plan plan)
    {
        using var sender = new SignedSender(
            plan.Endpoint, new(isLoopback: true), new(TimeProvider.System, NullLogger.Instance));
        var client = new LogsClient(sender);
        var count = await CountAsync(client);
        await Console.Out.WriteLineAsync(
            $"\n{count} log events of {plan.Entries[0].Files.LiteralPath} were in log group {LogGroup}.");
    }

    static async Task<int> CountAsync(LogsClient client)
    {
        var count = 0;
        var request = new FilterLogEventsRequest { LogGroupName = LogGroup };
        try
        {
            do
            {
                var page = await client.CallAsync(
                    LogsApi.FilterLogEvents, request, LogsJson.Wire.FilterLogEventsRequest,
                    LogsJson.Wire.FilterLogEventsResponse, CancellationToken.None);
                count += page.Events.Count;
                request = request with { NextToken = page.NextToken };
            }
            while (request.NextToken is not null);
        }
        catch (ServiceException e) when (e.Type == ErrorTypes.ResourceNotFound)
        {
            // The log was empty, so nobody needed a log group.
            return 0;
        }

        return count;
    }

    static string? FirstReadable() =>
        ((string[])["/var/log/secure", "/var/log/auth.log"]).FirstOrDefault(CanRead);

    static bool CanRead(string path)
    {
        using var handle = FileOpening.TryOpen(path, out _, out _);
        return handle is not null;
    }
}
