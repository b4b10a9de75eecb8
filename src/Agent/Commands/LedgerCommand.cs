using System.CommandLine;

namespace Agent.Commands;

/// <summary><c>vigil ledger</c>: the auditor's proof. Writes numbered lines to a log that an agent ships, reads them
/// back from the service, and says which are lost.</summary>
static class LedgerCommand
{
    const int DefaultLines = 10_000;
    const int DefaultTimeoutSeconds = 120;

    public static Command Create()
    {
        var source = new Option<string?>("--source")
        {
            Description = "The log to append to: one that an agent ships. It must exist",
            HelpName = "FILE"
        };
        var group = new Option<string>("--group")
        {
            Description = "The log group to read back from",
            HelpName = "GROUP",
            Required = true
        };
        var stream = new Option<string?>("--stream") { Description = "Only this log stream", HelpName = "STREAM" };
        var lines = WholeNumber.Option(
            "--lines", "N", $"How many lines; default: {DefaultLines}", 1, LedgerLine.MostLines);
        var rate = WholeNumber.Option("--rate", "N", "Lines a second; default: as fast as it goes", 1, 10_000_000);
        var timeout = WholeNumber.Option(
            "--timeout", "S", $"How long to wait for the last line, in seconds; default: {DefaultTimeoutSeconds}",
            1, 86_400);
        var checkOnly = new Option<string?>("--check-only")
        {
            Description = "Write nothing; read an earlier run back (with its --lines)",
            HelpName = "RUN"
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON" };
        var connection = new Connection();
        var command = new Command(
            "ledger",
            "Prove that no line is lost: write numbered lines to a log that is shipped, and read them back\n\n"
            + "Exit code 0 only if every line arrived.\n\n"
            + "Examples:\n"
            + "  vigil ledger --source /var/log/secure --group database_server_security_logs\n"
            + "  vigil ledger --source /var/log/secure --group G --lines 1000000 --rate 20000 --endpoint local\n"
            + "  vigil ledger --check-only v6745a1b20c1d2e --lines 1000000 --group G --json")
        {
            source, group, stream, lines, rate, timeout, checkOnly, json
        };
        connection.AddTo(command);
        command.SetGuardedAction(async (parsed, cancel) =>
        {
            using var sender = connection.Open(parsed);
            var isCheck = parsed.GetValue(checkOnly) is not null;
            var run = isCheck
                ? LedgerRun.Parse(parsed.GetRequiredValue(checkOnly)!)
                : LedgerRun.Start(TimeProvider.System.GetUtcNow());
            var line = new LedgerLine(run.Id);
            using var writer = isCheck ? null : Open(parsed.GetValue(source), line);
            var request = LedgerReader.Request(parsed.GetRequiredValue(group), parsed.GetValue(stream), run);
            var reader = new LedgerReader(new(sender), request, line, TimeProvider.System);
            return await new LedgerAudit(run, writer, reader, new(run, parsed.GetValue(json))).RunAsync(
                parsed.GetValue(lines) ?? DefaultLines,
                parsed.GetValue(rate),
                TimeSpan.FromSeconds(parsed.GetValue(timeout) ?? DefaultTimeoutSeconds),
                cancel);
        });
        return command;
    }

    static LedgerWriter Open(string? source, LedgerLine line)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("files are followed on Linux only so far; --check-only works here");
        }

        return source is null
            ? throw new UsageException("--source is missing: name the log to append to, or a run with --check-only")
            : LedgerWriter.Open(source, line, TimeProvider.System);
    }
}
