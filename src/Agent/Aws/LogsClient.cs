using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Agent.Events;
using CloudWatch.Wire;

namespace Agent.Aws;

/// <summary>CloudWatch Logs as the agent and the commands call it.</summary>
sealed class LogsClient(SignedSender sender)
{
    static readonly ReadOnlyMemory<byte> End = "]}"u8.ToArray();

    readonly ConditionalWeakTable<LogTarget, byte[]> _heads = [];

    /// <summary>PutLogEvents: the names are put before a batch whose events are JSON already.</summary>
    public Task<ServiceAnswer> PutAsync(LogTarget target, EventBatch batch, CancellationToken cancel) =>
        PutAsync(target, batch.Segments, batch.HasMetrics, cancel);

    /// <param name="events">JSON, comma-separated, in any pieces.</param>
    /// <param name="hasMetrics">Whether an event is a document in the embedded metric format.</param>
    public Task<ServiceAnswer> PutAsync(
        LogTarget target, IReadOnlyList<ReadOnlyMemory<byte>> events, bool hasMetrics, CancellationToken cancel) =>
        sender.SendAsync(
            LogsApi.PutLogEvents, Body(_heads.GetValue(target, Head), events),
            hasMetrics ? LogsApi.MetricsFormat : null, cancel);

    /// <summary>Any action whose body is at hand.</summary>
    public Task<ServiceAnswer> CallAsync(string action, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        sender.SendAsync(action, [body], cancel);

    /// <summary>Any action with its request and response as records.</summary>
    /// <exception cref="ServiceException">The service answered with an error.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        string action,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancel)
    {
        var answer = await CallAsync(action, JsonSerializer.SerializeToUtf8Bytes(request, requestType), cancel);
        return answer.IsSuccess
            ? JsonSerializer.Deserialize(answer.Body.Span, responseType)
                ?? throw new ServiceException(answer, $"{action}: the answer was empty")
            : throw new ServiceException(answer, $"{action}: {answer.ErrorText()}");
    }

    static ReadOnlyMemory<byte>[] Body(ReadOnlyMemory<byte> head, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var body = new ReadOnlyMemory<byte>[events.Count + 2];
        (body[0], body[^1]) = (head, End);
        for (var i = 0; i < events.Count; i++)
        {
            body[i + 1] = events[i];
        }

        return body;
    }

    // The same for every batch of a stream.
    static byte[] Head(LogTarget target)
    {
        var group = JsonEncodedText.Encode(target.Group, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var stream = JsonEncodedText.Encode(target.Stream, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var entity = target.Workload is { } workload
            ? $"\"entity\":{JsonSerializer.Serialize(EntityOf(workload), LogsJson.Wire.Entity)},"
            : "";
        return System.Text.Encoding.UTF8.GetBytes(
            $$"""{"logGroupName":"{{group}}","logStreamName":"{{stream}}",{{entity}}"logEvents":[""");
    }

    // With the CloudWatch agent's stand-ins for what nobody said.
    static Entity EntityOf(Workload workload)
    {
        var isInstance = workload.InstanceId is not null;
        var keys = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Type"] = "Service",
            ["Name"] = workload.Service ?? "UnknownService",
            ["Environment"] = workload.Environment ?? (isInstance ? "ec2:default" : "generic:default")
        };
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PlatformType"] = isInstance ? "AWS::EC2" : "Generic",
            ["AWS.ServiceNameSource"] = workload.Service is null ? "Unknown" : "UserConfiguration"
        };
        if (workload.InstanceId is { } id)
        {
            attributes["EC2.InstanceId"] = id;
        }

        return new(keys, attributes);
    }
}
