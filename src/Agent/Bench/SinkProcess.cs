using System.Globalization;

namespace Agent.Bench;

/// <summary>The service that keeps nothing, as a process of its own: what it costs is nobody else's.</summary>
sealed class SinkProcess : IDisposable
{
    readonly Child _child;
    readonly Uri _counts;
    readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    SinkProcess(Child child, Uri endpoint, Uri counts)
    {
        _child = child;
        _counts = counts;
        Endpoint = endpoint;
    }

    /// <summary>Where it takes log events.</summary>
    public Uri Endpoint { get; }

    /// <summary>What it took so far, in seconds of all processors.</summary>
    public double Cpu => _child.Cpu;

    /// <param name="vigil">The program that is one.</param>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public static async Task<SinkProcess> StartAsync(string vigil, SinkOptions options)
    {
        List<string> arguments =
        [
            "bench-sink", "--latency-ms",
            ((int)options.Latency.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)
        ];
        arguments.AddRange(options.Denied is { } word ? ["--deny", word] : []);
        arguments.AddRange(options.AuthorityPath is { } path ? ["--tls", path] : []);
        var child = new Child(vigil, arguments);
        if (await child.Output.ReadLineAsync() is not { } said)
        {
            child.Dispose();
            throw new InvalidOperationException($"{vigil} bench-sink does not start");
        }

        var ports = said.Split(' ');
        var plain = new Uri($"http://127.0.0.1:{ports[0]}/");
        return new(child, ports.Length > 1 ? new($"https://127.0.0.1:{ports[1]}/") : plain, plain);
    }

    /// <summary>How many log events it took so far.</summary>
    public async Task<long> EventsAsync() => First(await _http.GetStringAsync(new Uri(_counts, "counts")));

    /// <summary>Waits until it took so many in all.</summary>
    public async Task<long> ReachAsync(long events, CancellationToken cancel) =>
        First(await _http.GetStringAsync(
            new Uri(_counts, string.Create(CultureInfo.InvariantCulture, $"await?events={events}")), cancel));

    public void Dispose()
    {
        _http.Dispose();
        _child.Dispose();
    }

    static long First(string counts) =>
        long.Parse(counts.AsSpan(0, counts.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
}
