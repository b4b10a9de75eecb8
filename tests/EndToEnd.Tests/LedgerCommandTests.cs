using System.Text.Json;
using System.Text.RegularExpressions;
using Agent.Commands;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary><c>vigil ledger</c>: who says that nothing is lost must be able to see that something is.</summary>
public sealed partial class LedgerCommandTests : IDisposable
{
    readonly TestFolder _folder = new();

    [Fact]
    public async Task TheLedgerProvesThatEveryLineArrived()
    {
        await File.WriteAllTextAsync(_folder["secure"], "a line of others\n", TestContext.Current.CancellationToken);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        var (exitCode, said) = await LedgerAsync(
            cloud, "--source", _folder["secure"], "--lines", "25000", "--rate", "50000", "--json");

        Assert.True(exitCode == 0, said);
        var result = Json(said);
        Assert.Equal(25_000, result.GetProperty("arrived").GetInt32());
        Assert.Equal(0, result.GetProperty("lost").GetInt32());
        Assert.Equal(0, result.GetProperty("repeated").GetInt32());
        Assert.Equal(0, result.GetProperty("out_of_order").GetInt32());
    }

    [Fact]
    public async Task TheLedgerNamesWhatIsLostAndAnEarlierRunCanBeReadBack()
    {
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await using var cloud = await Cloud.StartAsync(_folder);
        var (exitCode, said) = await LedgerAsync(
            cloud, "--source", _folder["secure"], "--lines", "12", "--timeout", "1");

        Assert.Equal(1, exitCode);
        Assert.Matches("lost +12\n", said);
        Assert.Contains("the first lost: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n", said, StringComparison.Ordinal);

        // The agent comes later.
        await using var vigil = Shipping.Start(_folder, cloud);
        var run = RunId().Match(said).Groups[1].Value;
        (exitCode, said) = await LedgerAsync(cloud, "--check-only", run, "--lines", "12");
        Assert.True(exitCode == 0, said);
        Assert.Matches("arrived +12\n", said);

        // One line more than there are.
        (exitCode, said) = await LedgerAsync(
            cloud, "--check-only", run, "--lines", "13", "--timeout", "1", "--json");
        Assert.Equal(1, exitCode);
        Assert.Equal(12, Json(said).GetProperty("first_lost")[0].GetInt32());
    }

    [Theory]
    [InlineData("--source is missing")]
    [InlineData("No such file or directory", "--source", "/nonexistent/secure")]
    [InlineData("'nonsense' is no run", "--check-only", "nonsense")]
    [InlineData("not a regular file", "--source", "/dev/null")]
    public async Task ALedgerThatCannotBeKeptIsRefused(string why, params string[] arguments)
    {
        var (exitCode, said) = await VigilProcess.RunAsync(
            ["ledger", "--group", "G", "--endpoint", "http://127.0.0.1:9", .. arguments]);

        Assert.Equal(2, exitCode);
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, 0, 0, 0, 0)]
    [InlineData(new[] { 0, 2 }, 1, 0, 0, 0)]
    [InlineData(new[] { 1, 0, 2 }, 0, 0, 0, 1)]
    [InlineData(new[] { 1, 0, 1, 2 }, 0, 1, 0, 0)]
    [InlineData(new[] { 0, 1, 2, 3, -1 }, 0, 0, 2, 0)]
    public void ABalanceCountsWhatIsLostRepeatedStrangeAndOutOfOrder(
        int[] arrivals, int lost, int repeated, int strange, int outOfOrder)
    {
        var balance = LedgerBalance.Of(arrivals, written: 3);

        Assert.Equal(
            (lost, repeated, strange, outOfOrder),
            (balance.Missing.Count, balance.Repeats, balance.Strange, balance.OutOfOrder));
    }

    [Fact]
    public void ALineIsKnownByItsNumberOnlyWhenItIsWhole()
    {
        var line = new LedgerLine("v01");
        var text = line.Text(42);

        Assert.Equal(42, line.NumberOf("Nov 25 07:00:00 " + text));
        Assert.Equal(42, line.NumberOf(text));
        Assert.Equal(-1, line.NumberOf(text[..^1]));
        Assert.Equal(-1, line.NumberOf(text.Replace("000000042", "000000043", StringComparison.Ordinal)));
        Assert.Equal(-1, new LedgerLine("v02").NumberOf(text));
    }

    public void Dispose() => _folder.Dispose();

    static Task<(int ExitCode, string Output)> LedgerAsync(Cloud cloud, params string[] arguments) =>
        VigilProcess.RunAsync(
            ["ledger", "--group", Configuration.Group, "--endpoint", cloud.Endpoint.ToString(), .. arguments]);

    static JsonElement Json(string said) =>
        JsonDocument.Parse(said.Split('\n').Single(line => line.StartsWith('{'))).RootElement;

    [GeneratedRegex("run (v[0-9a-f]+)")]
    private static partial Regex RunId();
}
