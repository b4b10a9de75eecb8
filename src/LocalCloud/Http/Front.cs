using System.Net;
using CloudWatch.Wire;
using LocalCloud.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace LocalCloud.Http;

/// <summary>Takes a request through door and signature to its action, and turns whatever becomes of it into an answer
/// of the service's form.</summary>
sealed class Front(Cloud cloud, SignatureGate? gate)
{
    const string InternalFault = "The server failed inside. The request may or may not have taken effect.";

    public async Task AnswerAsync(HttpContext context)
    {
        using var answer = new PooledBuffer();
        var status = await RunAsync(context, answer);
        var response = context.Response;
        response.StatusCode = (int)status;
        response.ContentType = LogsApi.ContentType;
        response.ContentLength = answer.Length;
        response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();

        // Agents learn the service's time from here, so it must be the clock that judges their events, not Kestrel's.
        response.Headers.Date = cloud.Time.GetUtcNow().ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        await response.Body.WriteAsync(answer.Written, context.RequestAborted);
    }

    // The ladder around the work: what is the caller's fault, what is the disk's, and what is ours.
    async Task<HttpStatusCode> RunAsync(HttpContext context, PooledBuffer answer)
    {
        try
        {
            await CallAsync(context, answer);
            return HttpStatusCode.OK;
        }
        catch (RefusedException refused)
        {
            return Error(answer, refused.Type, refused.Message, refused.Status);
        }
        catch (SqliteException failed)
        {
            return Error(answer, ErrorTypes.ServiceUnavailable,
                $"The log store cannot be used now: {failed.Message}", HttpStatusCode.ServiceUnavailable);
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
            return Error(answer, ErrorTypes.InternalServer, InternalFault, HttpStatusCode.InternalServerError);
        }
    }

    async Task CallAsync(HttpContext context, PooledBuffer answer)
    {
        var request = context.Request;
        Door.Check(request);
        using var body = await RequestBody.ReadAsync(request);
        gate?.Check(request, body.Written.Span);
        var action = Actions.Find(request.Headers["X-Amz-Target"].ToString());
        if (!RequestBody.IsZipped(request))
        {
            await action(new(cloud, body.Written, answer, context.RequestAborted));
            return;
        }

        using var unzipped = await RequestBody.UnzipAsync(body, context.RequestAborted);
        await action(new(cloud, unzipped.Written, answer, context.RequestAborted));
    }

    static HttpStatusCode Error(PooledBuffer answer, string type, string message, HttpStatusCode status)
    {
        // An action may have failed with its answer half written.
        answer.Clear();
        Call.Write(answer, new() { Type = type, Message = message }, LogsJson.Wire.ServiceError);
        return status;
    }
}
