using Agent.Commands;

namespace EndToEnd.Tests.Support;

/// <summary>What became of a log's lines at the other end.</summary>
static class Ledger
{
    /// <summary>Waits until nothing is missing, or the wait is over. The last line may arrive before others do:
    /// several batches are on their way at once.</summary>
    public static async Task<LedgerBalance> CompleteAsync(
        Cloud cloud, int written, string group = Configuration.Group, string stream = Configuration.Stream)
    {
        var ledger = Of([], written);
        await Wait.UntilAsync(
            async () =>
            {
                ledger = Of(await cloud.MessagesAsync(group, stream), written);
                return ledger.Missing.Count == 0;
            },
            () => $"{ledger.Missing.Count} of {written} lines never arrived, the first is {ledger.Missing[0]}");
        return ledger;
    }

    public static LedgerBalance Of(IEnumerable<string> messages, int written) =>
        LedgerBalance.Of(messages.Select(SecureLog.NumberOf).ToList(), written);
}
