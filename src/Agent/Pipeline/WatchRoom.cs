using Agent.Aws;
using Agent.Status;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What a run of the watching uses.</summary>
/// <param name="Folder">Of its own positions, apart from those of the shipping.</param>
/// <param name="Held">Files that were open when the configuration changed.</param>
/// <param name="ServiceTime">For signatures.</param>
/// <param name="Report">The agent's status.</param>
/// <param name="Died">Told of an error that nobody foresaw.</param>
sealed record WatchRoom(
    string Folder, HeldFiles Held, ServiceTime ServiceTime, Func<CancellationToken, Task<StatusReport>> Report,
    TimeProvider Time, ILogger Log, Action<Exception> Died);
