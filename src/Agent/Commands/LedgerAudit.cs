using System.Globalization;

namespace Agent.Commands;

/// <summary>A run of <c>vigil ledger</c> from its first line to its exit code.</summary>
/// <param name="writer">Null where an earlier run is only read back.</param>
sealed class LedgerAudit(LedgerRun run, LedgerWriter? writer, LedgerReader reader, LedgerReport report)
{
    /// <returns>The exit code. Who stops it early has no proof, and must not read one out of it.</returns>
    public async Task<int> RunAsync(int lines, int? linesPerSecond, TimeSpan timeout, CancellationToken cancel)
    {
        await SayAsync($"run {run.Id}, {lines} lines");
        var written = writer is null ? lines : await WriteAsync(writer, lines, linesPerSecond, cancel);
        if (written < lines)
        {
            report.Progress("");
            await SayAsync($"stopped; {written} of {lines} lines are written, and none was read back");
            return await FailAsync(written);
        }

        var balance = await reader.CompleteAsync(
            lines, timeout,
            look => report.Progress(Text($"{lines - look.Missing.Count:N0} of {lines:N0} arrived {reader.Trouble}")),
            cancel);
        report.Print(lines, balance);
        if (balance.Missing.Count == 0)
        {
            return ExitCode.Done;
        }

        if (reader.Trouble is { } trouble && !cancel.IsCancellationRequested)
        {
            await SayAsync($"vigil ledger: {trouble}");
        }

        return await FailAsync(lines);
    }

    async Task<int> WriteAsync(LedgerWriter to, int lines, int? linesPerSecond, CancellationToken cancel)
    {
        try
        {
            await to.WriteAsync(
                lines, linesPerSecond, () => report.Progress(Text($"{to.Written:N0} of {lines:N0} written")), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The caller sees it by the count.
        }

        return to.Written;
    }

    async Task<int> FailAsync(int written)
    {
        await SayAsync($"to look again: vigil ledger --check-only {run.Id} --lines {Math.Max(written, 1)} --group ...");
        return ExitCode.Failed;
    }

    static Task SayAsync(FormattableString text) => Console.Error.WriteLineAsync(Text(text));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
