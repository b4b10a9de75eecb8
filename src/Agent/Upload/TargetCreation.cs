using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Agent.Events;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>Makes log groups and log streams that are missing, each once however many batches wait for it.</summary>
/// <param name="turns">Its own: the service throttles the making of streams apart from the sending of events.</param>
sealed partial class TargetCreation(CallAction call, SendTurns turns, ILogger log)
{
    static readonly ServiceAnswer Exists = new(HttpStatusCode.OK, ReadOnlyMemory<byte>.Empty);

    /// <summary>Told of each group that is made: it has no settings yet.</summary>
    public Action<string>? GroupMade { get; init; }

    readonly SendQueue _queue = new();
    readonly Lock _lock = new();
    readonly Dictionary<(string Group, string Stream), Task<ServiceAnswer>> _running = [];

    /// <summary>Makes the target's stream, and its group where that is missing too. That somebody else was faster is
    /// success.</summary>
    /// <returns>The answer that ended it: a success, or the error that stands in the way.</returns>
    public async Task<ServiceAnswer> CreateAsync(LogTarget target, CancellationToken cancel)
    {
        var key = (target.Group, target.Stream);
        Task<ServiceAnswer>? running;
        lock (_lock)
        {
            if (!_running.TryGetValue(key, out running))
            {
                running = CreateOnceAsync(target, cancel);
                _running.Add(key, running);
            }
        }

        try
        {
            return await running;
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(key);
            }
        }
    }

    async Task<ServiceAnswer> CreateOnceAsync(LogTarget target, CancellationToken cancel)
    {
        var answer = await CreateStreamAsync(target, cancel);
        if (answer.IsSuccess || answer.ReadError().Type != ErrorTypes.ResourceNotFound)
        {
            return answer;
        }

        answer = await CreateGroupAsync(target, cancel);
        return answer.IsSuccess ? await CreateStreamAsync(target, cancel) : answer;
    }

    async Task<ServiceAnswer> CreateGroupAsync(LogTarget target, CancellationToken cancel)
    {
        var request = new CreateLogGroupRequest
        {
            LogGroupName = target.Group,
            LogGroupClass = target.Class,
            KmsKeyId = target.KmsKeyId,
            Tags = target.Tags
        };
        var answer = await CallAsync(LogsApi.CreateLogGroup, request, LogsJson.Wire.CreateLogGroupRequest, cancel);
        if (answer.IsSuccess && !ReferenceEquals(answer, Exists))
        {
            GroupMade?.Invoke(target.Group);
            LogGroupCreated(target.Group);
        }

        return answer;
    }

    async Task<ServiceAnswer> CreateStreamAsync(LogTarget target, CancellationToken cancel)
    {
        var request = new CreateLogStreamRequest { LogGroupName = target.Group, LogStreamName = target.Stream };
        var answer = await CallAsync(LogsApi.CreateLogStream, request, LogsJson.Wire.CreateLogStreamRequest, cancel);
        if (answer.IsSuccess && !ReferenceEquals(answer, Exists))
        {
            LogStreamCreated(target.Group, target.Stream);
        }

        return answer;
    }

    async Task<ServiceAnswer> CallAsync<T>(string action, T request, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, type);
        var answer = await turns.SendAsync(_queue, () => call(action, body, cancel), cancel);
        return !answer.IsSuccess && answer.ReadError().Type == ErrorTypes.ResourceAlreadyExists ? Exists : answer;
    }

    [LoggerMessage(500, LogLevel.Information, "Created log group {Group}")]
    partial void LogGroupCreated(string group);

    [LoggerMessage(501, LogLevel.Information, "Created log stream {Stream} in {Group}")]
    partial void LogStreamCreated(string group, string stream);
}
