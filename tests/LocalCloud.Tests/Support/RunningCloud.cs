using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCloud.Faults;
using Microsoft.Extensions.Time.Testing;

namespace LocalCloud.Tests.Support;

/// <summary>A server on a real socket and a real folder, with a clock that the test sets.</summary>
sealed class RunningCloud : IAsyncDisposable
{
    readonly TemporaryFolder? _ownFolder;
    readonly HttpClient _http = new();

    RunningCloud(LocalCloudServer server, FakeTimeProvider time, TemporaryFolder? ownFolder) =>
        (Server, Time, _ownFolder) = (server, time, ownFolder);

    public LocalCloudServer Server { get; }

    public FakeTimeProvider Time { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<RunningCloud> StartAsync(
        string? folder = null, string? accessKey = null, string? secretKey = null, DateTimeOffset? at = null,
        FaultPlan? faults = null)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        var time = new FakeTimeProvider(at ?? new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        var options = new LocalCloudOptions
        {
            DataFolder = folder ?? own!.Path,
            Port = 0,
            AccessKey = accessKey,
            SecretKey = secretKey,
            Faults = faults
        };
        return new(await LocalCloudServer.StartAsync(options, time, CancellationToken.None), time, own);
    }

    /// <summary>A server that already has the group "g" and in it the stream "s".</summary>
    public static async Task<RunningCloud> StartWithStreamAsync(string? folder = null)
    {
        var cloud = await StartAsync(folder);
        (await cloud.CallAsync("CreateLogGroup", """{"logGroupName":"g"}""")).MustSucceed();
        (await cloud.CallAsync("CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""")).MustSucceed();
        return cloud;
    }

    public Task<Reply> CallAsync(string action, string body) => CallAsync(action, Encoding.UTF8.GetBytes(body));

    public async Task<Reply> CallAsync(string action, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Server.Endpoint);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", "Logs_20140328." + action);
        change?.Invoke(request);
        var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new(response, JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement);
    }

    public Task<Reply> PutAsync(params (long Timestamp, string Message)[] events) => PutAsync("s", events);

    public Task<Reply> PutAsync(string stream, params (long Timestamp, string Message)[] events) =>
        CallAsync("PutLogEvents", new JsonObject
        {
            ["logGroupName"] = "g",
            ["logStreamName"] = stream,
            ["logEvents"] = new JsonArray(events.Select(item => (JsonNode)new JsonObject
            {
                ["timestamp"] = item.Timestamp,
                ["message"] = item.Message
            }).ToArray())
        }.ToJsonString());

    /// <summary>Looks at how the server is to fail, or changes it.</summary>
    public async Task<HttpResponseMessage> FaultsAsync(HttpMethod method, string? plan = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.Endpoint, "vigil/faults"));
        request.Content = plan is null ? null : new StringContent(plan);
        return await _http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
        _ownFolder?.Dispose();
    }
}
