using System.CommandLine;
using System.Globalization;
using Agent.Bench;

namespace Agent.Commands;

/// <summary><c>vigil bench-sink</c>: the service that keeps nothing, for <c>vigil bench</c> and the benchmarks of the
/// project. Nobody else has a use for it, so it is not listed.</summary>
static class BenchSinkCommand
{
    public static Command Create()
    {
        var latency = WholeNumber.Option("--latency-ms", "N", "Withhold each answer for so long", 0, 60_000);
        var denied = new Option<string?>("--deny")
        {
            Description = "Deny requests with this word among their first bytes",
            HelpName = "WORD"
        };
        var tls = new Option<string?>("--tls")
        {
            Description = "Take TLS too, by an authority that is written there",
            HelpName = "FILE"
        };
        var command = new Command(
            "bench-sink", "A CloudWatch Logs on loopback that counts and keeps nothing. Prints its ports")
        {
            latency, denied, tls
        };
        command.Hidden = true;
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            var wait = TimeSpan.FromMilliseconds(parsed.GetValue(latency) ?? 0);
            using var sink = new Sink(new(wait, parsed.GetValue(denied), parsed.GetValue(tls)));
            var (plain, secure) = sink.Ports;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{plain}{(secure is null ? "" : " ")}{secure}"));
            try
            {
                await sink.RunAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return ExitCode.Done;
            }

            return ExitCode.Done;
        });
        return command;
    }
}
