using System.Net;
using CloudWatch.Wire;
using LocalCloud.Api;
using LocalCloud.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Http;

/// <summary>Takes a request through door and signature to its action, and turns whatever becomes of it into an answer
/// of the service's form.</summary>
/// <param name="faults">Null where the server does not fail on purpose.</param>
sealed class Front(Cloud cloud, SignatureGate? gate, FaultDesk? faults)
{
    const string InternalFault = "The server failed inside. The request may or may not have taken effect.";

    public async Task AnswerAsync(HttpContext context)
    {
        if (faults is not null && FaultControl.IsMeant(context.Request))
        {
            await new FaultControl(faults).AnswerAsync(context);
            return;
        }

        using var answer = new PooledBuffer();
        var (status, fate) = await RunAsync(context, answer);
        if (fate.IsCut || fate.LosesAnswer)
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = (int)status;
        response.ContentType = LogsApi.ContentType;
        response.ContentLength = answer.Length;
        response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();

        // Agents learn the service's time from here, so it must be the clock that judges their events, not Kestrel's.
        response.Headers.Date = cloud.Time.GetUtcNow().ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        await WriteAsync(context, answer.Written, fate.Drip);
    }

    async Task WriteAsync(HttpContext context, Memory<byte> answer, TimeSpan drip)
    {
        for (var rest = answer; !rest.IsEmpty;)
        {
            var length = drip > TimeSpan.Zero ? 1 : rest.Length;
            await Task.Delay(drip, cloud.Time, context.RequestAborted);
            await context.Response.Body.WriteAsync(rest[..length], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            rest = rest[length..];
        }
    }

    // The ladder around the work: what is the caller's fault, what is the disk's, and what is ours.
    async Task<(HttpStatusCode Status, Fate Fate)> RunAsync(HttpContext context, PooledBuffer answer)
    {
        var fate = Fate.Good;
        try
        {
            await CallAsync(context, answer, thrown => fate = thrown);
            return (HttpStatusCode.OK, fate);
        }
        catch (RefusedException refused)
        {
            return (Error(answer, refused.Type, refused.Message, refused.Status), fate);
        }
        catch (SqliteException failed)
        {
            return (Error(answer, ErrorTypes.ServiceUnavailable,
                $"The log store cannot be used now: {failed.Message}", HttpStatusCode.ServiceUnavailable), fate);
        }
        catch (Exception failed)
            when (failed is BadHttpRequestException || context.RequestAborted.IsCancellationRequested)
        {
            // Not HTTP, or the caller has gone: Kestrel's to answer or to close.
            throw;
        }
        catch (Exception)
        {
            // Ends this request only; the message stays inside, since it may hold a customer's log text.
            return (Error(answer, ErrorTypes.InternalServer, InternalFault, HttpStatusCode.InternalServerError), fate);
        }
    }

    async Task CallAsync(HttpContext context, PooledBuffer answer, Action<Fate> thrown)
    {
        var request = context.Request;
        Door.Check(request);
        using var body = await RequestBody.ReadAsync(request);
        gate?.Check(request, body.Written.Span);
        if (!RequestBody.IsZipped(request))
        {
            await ActAsync(context, body, answer, thrown);
            return;
        }

        using var unzipped = await RequestBody.UnzipAsync(body, context.RequestAborted);
        await ActAsync(context, unzipped, answer, thrown);
    }

    async Task ActAsync(HttpContext context, PooledBuffer body, PooledBuffer answer, Action<Fate> thrown)
    {
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        if (faults is not null)
        {
            var fate = faults.Throw(target, body.Written.Span);
            thrown(fate);
            await Task.Delay(fate.Latency, cloud.Time, context.RequestAborted);
            if (fate.IsCut)
            {
                return;
            }

            if (fate.Refusal is { } refusal)
            {
                throw refusal;
            }
        }

        await Actions.Find(target)(new(cloud, body.Written, answer, context.RequestAborted));
    }

    static HttpStatusCode Error(PooledBuffer answer, string type, string message, HttpStatusCode status)
    {
        // An action may have failed with its answer half written.
        answer.Clear();
        Call.Write(answer, new() { Type = type, Message = message }, LogsJson.Wire.ServiceError);
        return status;
    }
}
