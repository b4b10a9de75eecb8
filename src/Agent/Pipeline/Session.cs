using Agent.Aws;
using Agent.Checkpoint;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>What outlives a change of the configuration.</summary>
/// <param name="Held">Files that are handed on, open.</param>
/// <param name="Died">Told of an error that nobody foresaw.</param>
sealed record Session(
    string Folder,
    PositionStore Store,
    Committer Committer,
    ServiceTime ServiceTime,
    Reloading Reloading,
    HeldFiles Held,
    Watching Watching,
    DateTimeOffset Started,
    TimeProvider Time,
    ILoggerFactory Logs,
    TaskCompletionSource Died);
