using System.Net.Mime;
using System.Text;
using LocalCloud.Api;
using LocalCloud.Faults;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Http;

/// <summary>The call by which the faults of a running server are looked at (GET), set (PUT) and taken away (DELETE).
/// It is no part of the service's protocol, and there only where the server was started with faults.</summary>
sealed class FaultControl(FaultDesk desk)
{
    public const string Path = "/vigil/faults";

    public static bool IsMeant(HttpRequest request) => request.Path == Path;

    public async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        try
        {
            Door.Check(request);
            await ChangeAsync(request);
            response.ContentType = MediaTypeNames.Application.Json;
            await response.Body.WriteAsync(desk.Plan.ToJson(), context.RequestAborted);
        }
        catch (Exception e) when (e is LocalCloudException or RefusedException)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            response.ContentType = MediaTypeNames.Text.Plain;
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(e.Message + "\n"), context.RequestAborted);
        }
    }

    async Task ChangeAsync(HttpRequest request)
    {
        if (HttpMethods.IsPut(request.Method))
        {
            using var body = await RequestBody.ReadAsync(request);
            desk.Plan = FaultPlan.Read(body.Written.Span, "the request");
        }
        else if (HttpMethods.IsDelete(request.Method))
        {
            desk.Plan = new();
        }
        else if (!HttpMethods.IsGet(request.Method))
        {
            throw new LocalCloudException($"{request.Method} is not known here: GET, PUT and DELETE are");
        }
    }
}
