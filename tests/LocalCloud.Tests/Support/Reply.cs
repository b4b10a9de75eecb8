using System.Net;
using System.Text.Json;

namespace LocalCloud.Tests.Support;

/// <summary>What came back, read.</summary>
sealed record Reply(HttpResponseMessage Response, JsonElement Body)
{
    public HttpStatusCode Status => Response.StatusCode;

    public string? Type => Text("__type");

    public string? Message => Text("message");

    public string? Text(string member) => Body.TryGetProperty(member, out var value) ? value.GetString() : null;

    public JsonElement[] List(string member) => Body.GetProperty(member).EnumerateArray().ToArray();

    public string[] Texts(string list, string member) =>
        List(list).Select(item => item.GetProperty(member).GetString()!).ToArray();

    public Reply MustSucceed()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{Status} {Type}: {Message}");
        return this;
    }
}
