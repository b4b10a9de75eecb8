using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>A service that fails in its own ways: each line arrives once all the same, and nothing is given up that it
/// would have taken.</summary>
public sealed class ServiceFaultTests : IDisposable
{
    const string Denied = """{"rules":[{"action":"PutLogEvents","error":"AccessDeniedException","message":"no"}]}""";

    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"rules":[{"action":"PutLogEvents","share":0.3,"error":"InternalServerException","status":500}]}""")]
    [InlineData("""{"rules":[{"action":"PutLogEvents","share":0.3,"error":"ThrottlingException"}]}""")]
    [InlineData("""{"rules":[{"action":"PutLogEvents","share":0.3,"cut":true}]}""")]
    [InlineData("""{"rules":[{"action":"PutLogEvents","requests_per_second":5}]}""")]
    [InlineData("""{"rules":[{"action":"PutLogEvents","latency_ms":200},{"action":"PutLogEvents","drip_ms":5}]}""")]
    [InlineData("""{"rules":[{"action":"CreateLogStream","times":3,"error":"ThrottlingException"}]}""")]
    [InlineData("""{"rules":[{"action":"PutLogEvents","share":0.2,"error":"InvalidParameterException"}]}""")]
    [InlineData("""{"clock_offset_seconds":-10800}""")] // this host is 3 h fast
    [InlineData("""{"clock_offset_seconds":1200}""")] // and 20 min slow
    public async Task WhateverItDoesEachLineArrivesOnce(string faults)
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder, faults: faults);
        await using var vigil = Shipping.Start(_folder, cloud);
        log.Append(1);
        await Shipping.EndsInAsync(cloud, 0, vigil); // by now the service's time is known
        log.Append(50_000);

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.GapRecords(_folder));
    }

    [Fact]
    public async Task OnePoisonLineIsKeptAsADeadLetterAndAllOthersArriveOnce()
    {
        const int Poison = 6_283;
        using var log = new SecureLog(_folder["secure"]);
        log.Append(10_000);
        var rule = $$"""{"contains":"{{SecureLog.Line(Poison)[16..]}}","error":"InvalidParameterException"}""";
        await using var cloud = await Cloud.StartAsync(_folder, faults: $$"""{"rules":[{{rule}}]}""");
        await using var vigil = Shipping.Start(_folder, cloud);
        await Wait.UntilAsync(() => State.HasGaps(_folder), () => $"no dead letter:\n{vigil.Output}");
        await Shipping.EndsInAsync(cloud, log.Written - 1, vigil);

        var gap = Assert.Single(State.GapRecords(_folder));
        Assert.Equal(
            (Poison * SecureLog.LineBytes, (Poison + 1) * SecureLog.LineBytes), (gap.FromBytes, gap.ToBytes));
        var ledger = Ledger.Of(await cloud.MessagesAsync(Configuration.Group, Configuration.Stream), log.Written);
        Assert.Equal((Poison, 0, 0), (Assert.Single(ledger.Missing), ledger.Repeats, ledger.Strange));
    }

    [Fact]
    public async Task WhatIsDeniedWaitsAndGoesOnOnceItIsAllowed()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(1000);
        await using var cloud = await Cloud.StartAsync(_folder, faults: Denied);
        await using var vigil = Shipping.Start(_folder, cloud);
        await vigil.SaysAsync("Cannot deliver to");
        var (exitCode, status) = await VigilProcess.RunAsync("status", "--state", _folder["state"]);
        await cloud.FailAsync("{}");
        var began = TimeProvider.System.GetTimestamp();

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 31);
        Assert.Equal(4, exitCode);
        Assert.Contains("AccessDeniedException: no", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AGroupThatIsDeletedMeanwhileIsMadeAgain()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder);
        await using var vigil = Shipping.Start(_folder, cloud);
        await Shipping.EndsInAsync(cloud, 99, vigil);
        await cloud.DeleteGroupAsync(Configuration.Group);
        log.Append(100);
        await Shipping.EndsInAsync(cloud, 199, vigil);

        var messages = await cloud.MessagesAsync(Configuration.Group, Configuration.Stream);
        Assert.Equal(Enumerable.Range(100, 100), messages.Select(SecureLog.NumberOf));
    }

    [Fact]
    public async Task ANameThatTheServiceRefusesIsNoReasonToGiveUpALine()
    {
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var cloud = await Cloud.StartAsync(_folder, faults: """
            {"rules":[{"action":"PutLogEvents","error":"InvalidParameterException",
              "message":"1 validation error detected: Value 'x' at 'logGroupName' failed to satisfy constraint"}]}
            """);
        await using var vigil = Shipping.Start(_folder, cloud);
        await vigil.SaysAsync("at 'logGroupName' failed");
        await cloud.FailAsync("{}");

        await Shipping.ArrivedOnceAsync(cloud, log);
        Assert.Empty(State.GapRecords(_folder));
    }
}
