using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>The doctor names the true cause, and a policy is what the configuration needs.</summary>
public sealed class DoctorTests : IDisposable
{
    const string Denied = """{"rules":[{"action":"PutLogEvents","error":"AccessDeniedException","message":"no"}]}""";

    const StringComparison Text = StringComparison.Ordinal;

    readonly TestFolder _folder = new();
    readonly Dictionary<string, string?> _environment = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhereAllIsWellItSaysSoAndWritesNothing()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);

        var (exitCode, output) = await RunAsync(cloud.Endpoint);

        Assert.True(exitCode == 0, output);
        Assert.Contains("all is well", output, StringComparison.Ordinal);
        Assert.Empty(await cloud.MessagesAsync(Configuration.Group));
        Assert.False(Directory.Exists(_folder["state"]));
    }

    [Theory]
    [InlineData(Denied, "AccessDeniedException: no", "vigil iam-policy")]
    [InlineData("""{"clock_offset_seconds":-1200}""", "clock: 1200 s fast", "chrony")]
    public async Task WhatTheServiceSaysIsNamed(string faults, string cause, string remedy)
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder, faults: faults);

        await NamesAsync(cloud.Endpoint, cause, remedy);
    }

    [Fact]
    public async Task AServiceThatNobodyServesIsNamed()
    {
        using var log = new SecureLog(_folder["secure"]);

        await NamesAsync(new Uri("http://127.0.0.1:1"), "tcp: 127.0.0.1 port 1 cannot be reached", "nobody listens");
    }

    [Fact]
    public async Task ANameThatNobodyKnowsIsNamed()
    {
        using var log = new SecureLog(_folder["secure"]);

        await NamesAsync(new Uri("https://logs.nowhere.invalid"), "dns: logs.nowhere.invalid is not found", "region");
    }

    [Fact]
    public async Task AMissingFileIsNamed()
    {
        await using var cloud = await Cloud.StartAsync(_folder);

        await NamesAsync(cloud.Endpoint, $"{_folder["secure"]}: it is not there", "file_path");
    }

    [Fact]
    public async Task AProxyThatWantsAnotherPasswordIsNamed()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        using var proxy = new WebProxy { Password = "another" };

        await NamesAsync(Behind(proxy, cloud), "proxy: it asks for a user and a password", "user:password@host");
    }

    [Fact]
    public async Task ALoginPageInTheServicesPlaceIsNamed()
    {
        const string Page = "<html>Please sign in</html>";
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        using var proxy = new WebProxy
        {
            Answer = _ => $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {Page.Length}\r\n\r\n{Page}"
        };

        await NamesAsync(Behind(proxy, cloud), "is not CloudWatch Logs (HTTP 200, text/html)", "login page");
    }

    [Fact]
    public async Task ACertificateThatNobodyVouchesForIsNamed()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        using var front = new TlsFront(cloud.Endpoint);

        await NamesAsync(front.Endpoint, "tls: ", "AWS_CA_BUNDLE");
    }

    [Fact]
    public async Task ThatThereAreNoCredentialsIsNamed()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        using var proxy = new WebProxy();
        var endpoint = Behind(proxy, cloud);
        _environment["AWS_ACCESS_KEY_ID"] = null;
        _environment["AWS_EC2_METADATA_DISABLED"] = "true";

        await NamesAsync(endpoint, "credentials: no AWS credentials were found", "instance role");
    }

    // Only the proxy knows the way to the service; to whom keys belong cannot be asked.
    Uri Behind(WebProxy proxy, Cloud cloud)
    {
        _environment["HTTP_PROXY"] = proxy.Address("secret");
        _environment["HTTPS_PROXY"] = "http://127.0.0.1:1";
        _environment["NO_PROXY"] = "127.0.0.1";
        _environment["AWS_ACCESS_KEY_ID"] = _environment["AWS_SECRET_ACCESS_KEY"] = "vigil";
        return new($"http://logs.localhost:{cloud.Endpoint.Port}");
    }

    [Fact]
    public async Task APolicyAllowsWhatTheConfigurationNeedsAndNoMore()
    {
        var config = Configuration.Write(_folder, new("http://127.0.0.1:1"), "{instance_id}");

        var (exitCode, output) = await VigilProcess.RunAsync("iam-policy", "--config", config);

        const string Group = "arn:aws:logs:us-east-1:*:log-group:database_server_security_logs";
        Assert.Equal(0, exitCode);
        Assert.Contains($"\"{Group}:log-stream:*\"", output, StringComparison.Ordinal);
        Assert.Contains($"\"{Group}:*\"", output, StringComparison.Ordinal);
        Assert.Contains("logs:PutRetentionPolicy", output, StringComparison.Ordinal);
        Assert.DoesNotContain("sts:AssumeRole", output, StringComparison.Ordinal);
        Assert.DoesNotContain("PutMetricData", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsPublishedIsAllowedInItsNamespacesOnly()
    {
        var config = Configuration.WriteList(
            _folder, new("http://127.0.0.1:1"), [Configuration.Entry(_folder["secure"])], vigil: """
                , "metrics": { "heartbeat": true, "namespace": "Fleet" },
                "nat_gateway": { "id": "nat-1", "counters": "interface", "bytes_out_to_destination": "lo" }
                """);

        var (exitCode, output) = await VigilProcess.RunAsync("iam-policy", "--config", config);

        Assert.Equal(0, exitCode);
        Assert.Contains(
            """
            "Action":["cloudwatch:PutMetricData"],"Resource":["*"],
            "Condition":{"StringEquals":{"cloudwatch:namespace":["Fleet","Vigil/NATGateway"]}}
            """.ReplaceLineEndings(""),
            output.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>What is in the way of watching: each cause in a line.</summary>
    [Fact]
    public async Task WhatWatchingNeedsIsLookedAtToo()
    {
        using var log = new SecureLog(_folder["secure"]);
        await using var cloud = await Cloud.StartAsync(_folder);
        await File.WriteAllTextAsync(_folder["empty"], "\n", TestContext.Current.CancellationToken);
        var config = Configuration.WriteList(
            _folder, cloud.Endpoint, [Configuration.Entry(_folder["secure"])], vigil: $$"""
                , "metrics": { "heartbeat": true },
                "nat_gateway": { "id": "nat-1", "counters": "interface", "bytes_out_to_destination": "none0" },
                "notifications": [
                  { "name": "mail", "type": "smtp", "host": "127.0.0.1", "port": 1, "from": "a@b.c", "to": ["a@b.c"] },
                  { "name": "hook", "type": "webhook", "url": "{{cloud.Endpoint}}" },
                  { "name": "signed", "type": "webhook", "url": "http://h.example",
                    "secret_file": "{{_folder["empty"]}}" },
                  { "name": "log", "type": "journal" } ],
                "packs": [ { "name": "failed-logins", "file_path": "{{_folder["auth.log"]}}" } ]
                """);

        var (exitCode, output) = await VigilProcess.RunAsync("doctor", "--config", config, "--state", _folder["state"]);

        Assert.Equal(4, exitCode);
        Assert.Contains($"problem  {_folder["auth.log"]}: it is not there", output, StringComparison.Ordinal);
        Assert.Contains("problem  nat_gateway: there is no interface none0: there are", output, Text);
        Assert.Contains("problem  notification mail: 127.0.0.1 port 1 cannot be reached", output, Text);
        Assert.Contains($"ok       notification hook: 127.0.0.1 port {cloud.Endpoint.Port} is open", output, Text);
        Assert.Contains($"problem  notification signed: {_folder["empty"]} is empty", output, Text);
        Assert.Contains("ok       notification log: the agent's own log", output, Text);
        Assert.Contains("takes metrics neither as JSON nor as forms", output, Text); // the local service, so far
        Assert.Contains("6 in the way", output, Text); // each of two namespaces is asked for
    }

    [Fact]
    public async Task AnEndpointThatSpeaksNoTls()
    {
        new SecureLog(_folder["secure"]).Dispose();
        await using var cloud = await Cloud.StartAsync(_folder);

        await NamesAsync(
            new Uri($"https://127.0.0.1:{cloud.Endpoint.Port}"), "tls: 127.0.0.1 cannot be trusted",
            "is http://127.0.0.1:");
    }

    async Task NamesAsync(Uri endpoint, string cause, string remedy)
    {
        var (exitCode, output) = await RunAsync(endpoint);

        Assert.True(exitCode == 4, output);
        var lines = output.Split('\n').ToList();
        var at = lines.FindIndex(line => line.StartsWith("problem", StringComparison.Ordinal)
            && line.Contains(cause, StringComparison.Ordinal));
        Assert.True(at >= 0, output);
        Assert.Contains(remedy, lines[at + 1], StringComparison.Ordinal);
        Assert.Contains("1 in the way", output, StringComparison.Ordinal);
    }

    async Task<(int ExitCode, string Output)> RunAsync(Uri endpoint)
    {
        await using var vigil = VigilProcess.Start(
            _environment, "doctor", "--config", Configuration.Write(_folder, endpoint), "--state", _folder["state"]);
        return (await vigil.ExitedAsync(), vigil.Output);
    }
}
