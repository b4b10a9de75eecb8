using Agent.Aws;
using Agent.Checkpoint;
using Agent.Events;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>The log streams that files go to, once what only the instance can say of their names is known.</summary>
/// <param name="ends">Asking the instance ends.</param>
sealed partial class Names(
    string? region, PositionStore store, TimeProvider time, ILogger log, CancellationToken ends)
{
    readonly ILogger _log = log;
    readonly Lock _lock = new();
    Task<InstanceFacts>? _facts; // null until a name needs them

    public async Task<LogTarget> TargetAsync(SourcePlan source)
    {
        var (group, stream) = (source.LogGroup, source.LogStream);
        if (NameTemplate.NeedsFacts(group) || NameTemplate.NeedsFacts(stream))
        {
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            var known = await FactsAsync();
            (group, stream) = (NameTemplate.Expand(group, known, today), NameTemplate.Expand(stream, known, today));
            if (stream.Contains(InstanceFacts.UnknownId, StringComparison.Ordinal))
            {
                LogUnknownInstance(source.Path, group, stream);
            }
        }

        return new(group, stream, source.Entry.Class, source.Entry.RetentionDays)
        {
            KmsKeyId = source.Entry.KmsKeyId,
            Tags = source.Entry.Tags,
            Workload = source.Entry.Workload is { } workload
                ? workload with { InstanceId = await KnownInstanceAsync() }
                : null
        };
    }

    Task<InstanceFacts> FactsAsync()
    {
        lock (_lock)
        {
            return _facts ??= new InstanceIdentity(region, store.ReadFact, store.KeepFact, time, _log).FindAsync(ends);
        }
    }

    // Nothing waits for it where no name needs it.
    async Task<string?> KnownInstanceAsync()
    {
        Task<InstanceFacts>? facts;
        lock (_lock)
        {
            facts = _facts;
        }

        var known = facts is { IsCompletedSuccessfully: true } ? await facts : null;
        return known?.InstanceId == InstanceFacts.UnknownId ? null : known?.InstanceId;
    }

    [LoggerMessage(5, LogLevel.Warning,
        "{Path}: this host is no EC2 instance that says its id: the log stream is {Group}/{Stream}. Name it by "
        + "{{hostname}} or in plain text instead of {{instance_id}}")]
    partial void LogUnknownInstance(string path, string group, string stream);
}
