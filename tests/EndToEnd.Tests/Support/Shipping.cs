using Xunit;

namespace EndToEnd.Tests.Support;

/// <summary>An agent that ships one log to a local service, and what came of it.</summary>
static class Shipping
{
    /// <summary>Starts the agent on a folder's log and state.</summary>
    public static VigilProcess Start(TestFolder folder, Cloud cloud) => Start(folder, cloud.Endpoint);

    public static VigilProcess Start(TestFolder folder, Uri endpoint, int lingerMilliseconds = 100) =>
        VigilProcess.Start(
            "run", "--config", Configuration.Write(folder, endpoint, lingerMilliseconds: lingerMilliseconds),
            "--state", folder["state"]);

    /// <summary>Starts the agent on the entries of a collect list.</summary>
    public static VigilProcess StartList(TestFolder folder, Uri endpoint, params IEnumerable<string> entries) =>
        VigilProcess.Start(
            "run", "--config", Configuration.WriteList(folder, endpoint, entries), "--state", folder["state"]);

    /// <summary>Waits until the stream's last event is the line with a number.</summary>
    public static Task EndsInAsync(Cloud cloud, int number, VigilProcess? vigil = null) =>
        cloud.HasLastAsync(Configuration.Group, Configuration.Stream, SecureLog.Line(number), vigil);

    /// <summary>Waits until every line is there, and sees that each is there once and in order.</summary>
    public static async Task ArrivedOnceAsync(Cloud cloud, SecureLog log)
    {
        var ledger = await Ledger.CompleteAsync(cloud, log.Written);
        Assert.Equal((0, 0, 0), (ledger.Missing.Count, ledger.Repeats, ledger.Strange));
        Assert.True(ledger.IsInOrder, "lines are out of order");
    }
}
