using System.Diagnostics;
using System.Text.Json;

namespace Agent.Bench;

/// <summary>The agent as users run it, in a process of its own, with state of its own.</summary>
sealed class AgentProcess : IDisposable
{
    readonly Child _child;
    readonly long _began = Stopwatch.GetTimestamp();
    readonly Task<string> _said;

    /// <param name="vigil">The program.</param>
    /// <param name="folder">Where its configuration and its state may be written.</param>
    public AgentProcess(string vigil, string folder, AgentSetup setup)
    {
        Directory.CreateDirectory(folder);
        State = Path.Combine(folder, "state");
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, Configuration(setup));
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            // The sink asks for no signature, and the agent signs all the same.
            ["AWS_ACCESS_KEY_ID"] = "bench",
            ["AWS_SECRET_ACCESS_KEY"] = "bench",
            ["AWS_SESSION_TOKEN"] = "",
            ["NO_PROXY"] = "127.0.0.1",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_CA_BUNDLE"] = setup.AuthorityPath ?? "" // the host's own would be read, and take two mebibytes
        };

        _child = new(vigil, ["run", "--config", config, "--state", State], environment);
        _said = _child.DrainAsync();
    }

    /// <summary>Its state folder.</summary>
    public string State { get; }

    public double Cpu => _child.Cpu;

    public double PeakMebibytes => _child.PeakMebibytes;

    public double ResidentMebibytes => _child.ResidentMebibytes;

    /// <summary>Waits until the sink has so many events in all.</summary>
    /// <param name="heldBack">How many more may have arrived by then.</param>
    /// <returns>Seconds since the agent's start.</returns>
    /// <exception cref="InvalidOperationException">The agent ended, or it takes too long.</exception>
    public async Task<double> DeliverAsync(SinkProcess sink, long events, TimeSpan patience, int heldBack = 0)
    {
        using var deadline = new CancellationTokenSource(patience, TimeProvider.System);
        var reached = sink.ReachAsync(events, deadline.Token);
        try
        {
            if (await Task.WhenAny(reached, _said) == _said)
            {
                throw new InvalidOperationException($"The agent ended: {await _said}");
            }

            var arrived = await reached;
            return arrived >= events && arrived <= events + heldBack
                ? Stopwatch.GetElapsedTime(_began).TotalSeconds
                : throw new InvalidOperationException($"{arrived} log events arrived, of {events} lines");
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException(
                $"After {patience.TotalSeconds} s {await sink.EventsAsync()} of {events} log events arrived", e);
        }
    }

    public void Dispose() => _child.Dispose();

    static string Configuration(AgentSetup setup)
    {
        var entries = setup.Paths.Select((path, index) => $$"""
            { "file_path": {{Quoted(path)}}, "log_group_name": "bench", "log_stream_name": "s{{index}}"
              {{setup.EntryKeys}} }
            """);
        return $$"""
            {
              "agent": { "region": "us-east-1" },
              "logs": {
                "endpoint_override": {{Quoted(setup.Endpoint.ToString().TrimEnd('/'))}},
                "force_flush_interval": {{setup.FlushSeconds}},
                "logs_collected": { "files": { "collect_list": [{{string.Join(", ", entries)}}] } }
              },
              "vigil": { {{setup.VigilKeys}} }
            }
            """;
    }

    static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
