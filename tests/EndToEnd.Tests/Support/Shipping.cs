using Xunit;

namespace EndToEnd.Tests.Support;

/// <summary>An agent that ships one log to a local service, and what came of it.</summary>
static class Shipping
{
    /// <summary>Starts the agent on a folder's log and state.</summary>
    public static VigilProcess Start(TestFolder folder, Cloud cloud) => VigilProcess.Start(
        "run", "--config", Configuration.Write(folder, cloud.Endpoint), "--state", folder["state"]);

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
