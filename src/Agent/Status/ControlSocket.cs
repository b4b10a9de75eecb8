using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Agent.Status;

/// <summary>Answers questions from this machine over a Unix socket in the state folder: a line with the verb comes in,
/// a JSON document goes out, and the connection ends. Who may enter the folder may ask.</summary>
sealed partial class ControlSocket : IDisposable
{
    public const string FileName = "control.sock";

    const string StatusVerb = "status";
    const string MetricsVerb = "metrics";
    const string ReloadVerb = "reload";
    const int LongestVerb = 64;
    const int MostCallersAtOnce = 8;

    static readonly byte[] UnknownVerb =
        [.. "{\"error\":\"unknown verb; known: status, metrics, reload\"}"u8];

    // Whoever connects and says nothing, or reads nothing, is let go. An instance may be asked for its region on the
    // way to a new configuration.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    // Where no caller can be let in, as when no file may be opened any more, the next try may find no better.
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    readonly Socket _listener;
    readonly string _path;
    readonly Func<CancellationToken, Task<StatusReport>> _report;
    readonly Func<CancellationToken, Task<ReloadAnswer>> _reload;
    readonly TimeProvider _time;
    readonly ILogger _log;

    ControlSocket(
        Socket listener, string path, Func<CancellationToken, Task<StatusReport>> report,
        Func<CancellationToken, Task<ReloadAnswer>> reload, TimeProvider time, ILogger log)
    {
        _listener = listener;
        _path = path;
        _report = report;
        _reload = reload;
        _time = time;
        _log = log;
    }

    /// <summary>Begins to listen. The folder is locked by this process, so what a killed one left there is nobody's.
    /// </summary>
    /// <returns>Null where that cannot be, which is said: the agent ships all the same.</returns>
    public static ControlSocket? TryOpen(
        string stateFolder, Func<CancellationToken, Task<StatusReport>> report,
        Func<CancellationToken, Task<ReloadAnswer>> reload, TimeProvider time, ILogger log)
    {
        var path = Path.Combine(stateFolder, FileName);
        Socket? listener = null;
        try
        {
            listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                File.SetUnixFileMode(path, Mine | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            }

            listener.Listen();
            return new(listener, path, report, reload, time, log);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException
            or ArgumentOutOfRangeException or PlatformNotSupportedException)
        {
            // A path longer than 107 bytes is out of range.
            LogUnavailable(log, path, e.Message);
            listener?.Dispose();
            return null;
        }
    }

    /// <summary>Answers, some at a time: who is slow to ask keeps nobody waiting. Until stopped.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, MostCallersAtOnce).Select(_ => AnswerAllAsync(stopping)));

    /// <summary>Asks the agent that runs on a state folder.</summary>
    /// <exception cref="SocketException">None does, or the caller may not ask it.</exception>
    /// <exception cref="IOException">It did not answer.</exception>
    /// <exception cref="JsonException">Its answer is none.</exception>
    public static Task<StatusReport> AskStatusAsync(string stateFolder, CancellationToken cancel) =>
        AskAsync(stateFolder, StatusVerb, StatusJson.Wire.StatusReport, cancel);

    /// <summary>Lets the agent that runs on a state folder read its configuration again.</summary>
    /// <exception cref="SocketException">None does, or the caller may not ask it.</exception>
    /// <exception cref="IOException">It did not answer.</exception>
    /// <exception cref="JsonException">Its answer is none.</exception>
    public static Task<ReloadAnswer> AskReloadAsync(string stateFolder, CancellationToken cancel) =>
        AskAsync(stateFolder, ReloadVerb, StatusJson.Wire.ReloadAnswer, cancel);

    static async Task<T> AskAsync<T>(
        string stateFolder, string verb, JsonTypeInfo<T> answer, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(stateFolder, FileName)), cancel);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(verb + "\n"), cancel);
        return await JsonSerializer.DeserializeAsync(stream, answer, cancel)
            ?? throw new JsonException("the agent answered nothing");
    }

    public void Dispose()
    {
        _listener.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start takes its place.
            LogCallerGone(e.Message);
        }
    }

    async Task AnswerAllAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var caller = await _listener.AcceptAsync(stopping);
                await TryAnswerAsync(caller, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                LogCallerGone(e.Message);
                await Task.Delay(RetryDelay, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Whatever a question meets, it is no reason for the agent to end.
    async Task TryAnswerAsync(Socket caller, CancellationToken stopping)
    {
        try
        {
            using var patience = new CancellationTokenSource(LongestAnswer, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
            await AnswerAsync(caller, either.Token);
        }
        catch (Exception e)
        {
            LogCallerGone(e.Message);
        }
    }

    async Task AnswerAsync(Socket caller, CancellationToken cancel)
    {
        await using var stream = new NetworkStream(caller);
        switch (await ReadVerbInTimeAsync(stream, cancel))
        {
            case StatusVerb:
                await TellAsync(stream, await _report(cancel), StatusJson.Wire.StatusReport, cancel);
                break;
            case MetricsVerb:
                await stream.WriteAsync(Encoding.UTF8.GetBytes(MetricsText.Of(await _report(cancel))), cancel);
                break;
            case ReloadVerb:
                await TellAsync(stream, await _reload(cancel), StatusJson.Wire.ReloadAnswer, cancel);
                break;
            default:
                await stream.WriteAsync(UnknownVerb, cancel);
                break;
        }
    }

    async Task<string> ReadVerbInTimeAsync(NetworkStream stream, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        return await ReadVerbAsync(stream, either.Token);
    }

    async Task TellAsync<T>(NetworkStream stream, T answer, JsonTypeInfo<T> form, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        await JsonSerializer.SerializeAsync(stream, answer, form, either.Token);
    }

    static async Task<string> ReadVerbAsync(NetworkStream stream, CancellationToken cancel)
    {
        var line = new byte[LongestVerb];
        var length = 0;
        while (length < line.Length && !line.AsSpan(0, length).Contains((byte)'\n'))
        {
            var read = await stream.ReadAsync(line.AsMemory(length), cancel);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.ASCII.GetString(line, 0, length).TrimEnd('\r', '\n');
    }

    [LoggerMessage(700, LogLevel.Warning,
        "{Path}: the control socket cannot be opened: {Fault}. Log events are shipped all the same; 'vigil status' "
        + "cannot ask this agent")]
    static partial void LogUnavailable(ILogger log, string path, string fault);

    [LoggerMessage(701, LogLevel.Debug, "A question over the control socket was not answered: {Fault}")]
    partial void LogCallerGone(string fault);
}
