using System.Runtime.CompilerServices;
using System.Text.Json;
using Agent.Events;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging;

namespace Agent.Upload;

/// <summary>One try to send log events, and what became of it. A log stream that is missing is made on the way.
/// </summary>
sealed partial class Attempt(Sending sending, ILogger log)
{
    readonly ILogger _log = log;
    readonly SendQueue _queue = new();
    int _isEntityRefused;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> MakeAsync(LogTarget target, EventBatch batch)
    {
        var outcome = await SendAsync(target, batch);
        if (outcome.Verdict != Verdict.CreateTarget)
        {
            return outcome;
        }

        // Once made, it is sent again at once; where it is still not found (the service needs a moment) it waits.
        return await CreateAsync(target) ?? await SendAsync(target, batch);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<Outcome> SendAsync(LogTarget target, EventBatch batch)
    {
        try
        {
            var began = 0L;
            var answer = await sending.Turns.SendAsync(
                _queue,
                () =>
                {
                    began = sending.Time.GetTimestamp();
                    return sending.Put(target, batch, sending.Stopping);
                },
                sending.Stopping);
            var verdict = Verdicts.Of(answer);
            if (verdict is not (Verdict.Accepted or Verdict.AcceptedInPart))
            {
                return new(verdict, Fault: answer.ErrorText(), RetryAfter: answer.RetryAfter);
            }

            var took = (long)sending.Time.GetElapsedTime(began).TotalMilliseconds;
            SayIfEntityIsRefused(target, answer);
            LogDelivered(batch.Events, batch.End.SourcePath, target, took);
            return new(verdict, verdict == Verdict.Accepted ? null : Rejected(answer));
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            return Unanswered(e);
        }
    }

    // Null when it exists now, else what is in the way.
    async Task<Outcome?> CreateAsync(LogTarget target)
    {
        try
        {
            var answer = await sending.Creation.CreateAsync(target, sending.Stopping);
            return answer.IsSuccess
                ? null
                : new(Verdicts.OfCreation(answer), Fault: answer.ErrorText(), RetryAfter: answer.RetryAfter);
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            return Unanswered(e);
        }
    }

    static Outcome Unanswered(Exception e) => new(Verdict.RetrySoon, Fault: e.Message, Reach: ReachOf(e));

    // The events are taken all the same. Said once: each batch brings it again.
    void SayIfEntityIsRefused(LogTarget target, ServiceAnswer answer)
    {
        if (target.Workload is null || answer.Body.Span.IndexOf("rejectedEntityInfo"u8) < 0
            || Interlocked.Exchange(ref _isEntityRefused, 1) == 1)
        {
            return;
        }

        var refused = JsonSerializer.Deserialize(answer.Body.Span, LogsJson.Wire.PutLogEventsResponse);
        LogEntityRefused(target, refused?.RejectedEntityInfo?.ErrorType ?? "");
    }

    static RejectedLogEventsInfo? Rejected(ServiceAnswer answer) =>
        JsonSerializer.Deserialize(answer.Body.Span, LogsJson.Wire.PutLogEventsResponse)?.RejectedLogEventsInfo;

    static Reach ReachOf(Exception e) => e switch
    {
        JsonException => Reach.Answered,
        HttpRequestException { HttpRequestError: HttpRequestError.UserAuthenticationError } => Reach.NotSent,
        _ => Reach.Silent
    };

    // An answer that is no JSON is no answer of the service.
    static bool IsOfTheNetwork(Exception e) =>
        e is HttpRequestException or IOException or TimeoutException or JsonException;

    [LoggerMessage(533, LogLevel.Warning,
        "{Target}: the service takes the log events, but not service.name and deployment.environment ({Why}): they are "
        + "not shown as a service's")]
    partial void LogEntityRefused(LogTarget target, string why);

    [LoggerMessage(530, LogLevel.Debug, "Delivered {Events} log events of {Path} to {Target} in {Milliseconds} ms")]
    partial void LogDelivered(int events, string path, LogTarget target, long milliseconds);
}
