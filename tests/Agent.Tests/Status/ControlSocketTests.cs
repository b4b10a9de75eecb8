using System.Net.Sockets;
using Agent.Status;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Status;

public sealed class ControlSocketTests : IDisposable
{
    static readonly StatusReport Report = new(
        StatusReport.Running, "1", "/state", [new("/p", "ß")],
        [
            new(
                "/p", "g", "s", null,
                [new("/p", 1, ulong.MaxValue, false, 3, 2, 1, new(1, 2, 3, 4, null, new("why", default, 5)))], null)
        ],
        new(0, 0, 0, null));

    static readonly ReloadAnswer Reload = new(false, ["config.json:1:2: no"]);

    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new();
    readonly CollectingLog _log = new();
    readonly CancellationTokenSource _stopping = new();

    public void Dispose()
    {
        _stopping.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhoAsksForTheStatusGetsIt()
    {
        using var socket = Open();
        var running = socket.RunAsync(_stopping.Token);
        var answer = await ControlSocket.AskStatusAsync(_folder.Root, CancellationToken.None);
        await StopAsync(running);

        Assert.Equal(("ß", ulong.MaxValue), (answer.Problems[0].What, answer.Sources[0].Files[0].Inode));
        Assert.Equal(2, answer.Sources[0].Files[0].BehindBytes);
        Assert.Equal(5, answer.Sources[0].Files[0].Delivery!.Fault!.Tries);
    }

    [Fact]
    public async Task WhoAsksForAReloadIsToldWhatCameOfIt()
    {
        using var socket = Open();
        var running = socket.RunAsync(_stopping.Token);
        var answer = await ControlSocket.AskReloadAsync(_folder.Root, CancellationToken.None);
        await StopAsync(running);

        Assert.Equal((false, "config.json:1:2: no"), (answer.IsAccepted, Assert.Single(answer.Faults)));
    }

    [Fact]
    public async Task ASocketThatAKilledAgentLeftIsReplaced()
    {
        _folder.Write(ControlSocket.FileName, "left over");
        using var socket = Open();
        var running = socket.RunAsync(_stopping.Token);
        var answer = await ControlSocket.AskStatusAsync(_folder.Root, CancellationToken.None);
        await StopAsync(running);

        Assert.Equal(StatusReport.Running, answer.Status);
    }

    [Fact]
    public async Task WhoConnectsAndSaysNothingKeepsNobodyElseWaiting()
    {
        using var socket = Open();
        var running = socket.RunAsync(_stopping.Token);
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        var answer = await ControlSocket.AskStatusAsync(_folder.Root, TestContext.Current.CancellationToken);
        await StopAsync(running);

        Assert.Equal(StatusReport.Running, answer.Status);
    }

    [Fact]
    public async Task ACrowdThatConnectsAndSaysNothingIsLetGo()
    {
        using var socket = Open();
        var running = socket.RunAsync(_stopping.Token);
        var crowd = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ConnectAsync()));
        var letGo = Task.WhenAll(crowd.Select(caller => caller.ReceiveAsync(new byte[1])));
        await Soon.IsAsync(() => letGo.IsCompleted, _time, TimeSpan.FromSeconds(1));
        var answer = await ControlSocket.AskStatusAsync(_folder.Root, TestContext.Current.CancellationToken);
        await StopAsync(running);
        Array.ForEach(crowd, caller => caller.Dispose());

        Assert.Equal(StatusReport.Running, answer.Status);
    }

    [Fact]
    public async Task AReportThatFailsEndsTheAnswerAndNotTheSocket()
    {
        var isWell = false;
        using var socket = Open(() => isWell ? Report : throw new InvalidOperationException("a fault of ours"));
        var running = socket.RunAsync(_stopping.Token);
        await Assert.ThrowsAnyAsync<Exception>(
            () => ControlSocket.AskStatusAsync(_folder.Root, TestContext.Current.CancellationToken));
        isWell = true;
        var answer = await ControlSocket.AskStatusAsync(_folder.Root, TestContext.Current.CancellationToken);
        await StopAsync(running);

        Assert.Equal(StatusReport.Running, answer.Status);
    }

    [Fact]
    public void AStopDoesNotFailWhereTheStateFolderIsGone()
    {
        var socket = Open();
        Directory.Delete(_folder.Root, recursive: true);
        socket.Dispose();

        Directory.CreateDirectory(_folder.Root);
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AVerbThatIsNotKnownIsAnsweredByTheOnesThatAre()
    {
        using var socket = Open();
        var running = socket.RunAsync(_stopping.Token);
        using var caller = await ConnectAsync();
        await using var stream = new NetworkStream(caller);
        await stream.WriteAsync("dance\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        await StopAsync(running);

        Assert.Equal("""{"error":"unknown verb; known: status, metrics, reload"}""", answer);
    }

    [Fact]
    public void APathTooLongForASocketIsSaidAndKeepsNobodyFromShipping()
    {
        var deep = _folder[new string('d', 120)];
        Directory.CreateDirectory(deep);
        using var socket = ControlSocket.TryOpen(
            deep, _ => Task.FromResult(Report), _ => Task.FromResult(Reload), _time, _log);

        Assert.Null(socket);
        Assert.Contains("control socket cannot be opened", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    ControlSocket Open() => Open(() => Report);

    ControlSocket Open(Func<StatusReport> report) =>
        ControlSocket.TryOpen(_folder.Root, _ => Task.FromResult(report()), _ => Task.FromResult(Reload), _time, _log)
        ?? throw new InvalidOperationException(string.Join('\n', _log.Lines));

    async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(
            new UnixDomainSocketEndPoint(Path.Combine(_folder.Root, ControlSocket.FileName)),
            TestContext.Current.CancellationToken);
        return socket;
    }

    async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running;
    }
}
