using System.Globalization;

namespace Throughput;

/// <summary>The service that keeps nothing, as a process of its own.</summary>
sealed class Sink : IDisposable
{
    readonly Child _child;
    readonly HttpClient _http = new();

    Sink(Child child, string port)
    {
        _child = child;
        Port = port;
    }

    public string Port { get; }

    public static async Task<Sink> StartAsync(string root, int latencyMilliseconds)
    {
        var child = new Child(
            Path.Combine(root, "artifacts/native-sink/Sink"),
            "--latency-ms", latencyMilliseconds.ToString(CultureInfo.InvariantCulture));
        return new(child, await child.Output.ReadLineAsync() ?? throw new InvalidOperationException("The sink ended"));
    }

    /// <summary>How many log events it took so far.</summary>
    public async Task<long> EventsAsync()
    {
        var said = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/counts"));
        return long.Parse(said.AsSpan(0, said.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _http.Dispose();
        _child.Dispose();
    }
}
