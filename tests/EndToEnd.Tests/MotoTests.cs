using System.Globalization;
using System.Text.Json;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>Shipping to moto_server: a CloudWatch Logs that somebody else wrote.</summary>
public sealed class MotoTests : IDisposable
{
    const int Lines = 20_000;

    readonly TestFolder _folder = new();

    [Fact]
    public async Task TwentyThousandLinesArriveExactlyOnce()
    {
        Moto.SkipUnlessInstalled();
        using var log = new SecureLog(_folder["secure"]);
        log.Append(Lines);
        await using var moto = await Moto.StartAsync();
        await using var vigil = VigilProcess.Start(
            "run", "--config", Configuration.Write(_folder, moto.Endpoint), "--state", _folder["state"]);
        await Wait.UntilAsync(async () => await CountAsync(moto.Endpoint) == Lines, () => vigil.Output);
        Assert.Equal(0, await vigil.StopAsync());

        var messages = await AwsCli.RunAsync(
            moto.Endpoint, "logs", "filter-log-events", "--log-group-name", Configuration.Group,
            "--query", "events[].message", "--output", "text");
        var ledger = Ledger.Of(messages.TrimEnd('\n').Split('\t', '\n'), Lines);
        Assert.Equal((0, 0, 0), (ledger.Missing.Count, ledger.Repeats, ledger.Strange));
    }

    /// <summary>moto gives out the role's credentials, and takes what is signed with them.</summary>
    [Fact]
    public async Task ARoleIsAssumedToShipAs()
    {
        Moto.SkipUnlessInstalled();
        using var log = new SecureLog(_folder["secure"]);
        log.Append(100);
        await using var moto = await Moto.StartAsync();
        var config = Configuration.Write(_folder, moto.Endpoint);
        var text = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            config,
            text.Replace(
                "\"us-east-1\"",
                "\"us-east-1\", \"credentials\": { \"role_arn\": \"arn:aws:iam::123456789012:role/logs\" }",
                StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await using var vigil = VigilProcess.Start(
            new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_STS"] = $"{moto.Endpoint}" },
            "run", "--config", config, "--state", _folder["state"]);
        await Wait.UntilAsync(async () => await CountAsync(moto.Endpoint) == 100, () => vigil.Output);
        Assert.Equal(0, await vigil.StopAsync());
    }

    /// <summary>An alarm of the host reaches whoever has subscribed to a topic, in the form of the service's own.
    /// </summary>
    [Fact]
    public async Task AnAlarmIsPublishedToATopic()
    {
        Moto.SkipUnlessInstalled();
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await using var moto = await Moto.StartAsync();
        var topic = (await AwsCli.RunAsync(
            moto.Endpoint, "sns", "create-topic", "--name", "ops", "--output", "text")).Trim();
        var queue = (await AwsCli.RunAsync(
            moto.Endpoint, "sqs", "create-queue", "--queue-name", "q", "--output", "text")).Trim();
        await AwsCli.RunAsync(
            moto.Endpoint, "sns", "subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint",
            "arn:aws:sqs:us-east-1:123456789012:q");
        var config = Configuration.WriteList(
            _folder, moto.Endpoint, [Configuration.Entry(_folder["secure"])], vigil: $$"""
                , "notifications": [ { "name": "topic", "type": "sns", "topic_arn": "{{topic}}" } ],
                "detections": [ { "name": "guess", "file_path": "{{_folder["secure"]}}", "pattern": "wrong",
                  "alarm": { "threshold": 2 }, "notify": ["topic"] } ]
                """);
        await using var vigil = VigilProcess.Start(
            new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_SNS"] = $"{moto.Endpoint}" },
            "run", "--config", config, "--state", _folder["state"]);
        await vigil.SaysAsync("Watching");
        await File.AppendAllTextAsync(
            _folder["secure"], "wrong é\nwrong\nwrong\n", TestContext.Current.CancellationToken);

        var message = "";
        await Wait.UntilAsync(
            async () => (message = await AwsCli.RunAsync(
                moto.Endpoint, "sqs", "receive-message", "--queue-url", queue, "--query", "Messages[0].Body",
                "--output", "text")).Contains("Subject", StringComparison.Ordinal),
            () => $"{message}\n{vigil.Output}");
        using var body = JsonDocument.Parse(message);
        Assert.Equal(
            $"ALARM: \"guess\" on {Environment.MachineName}", body.RootElement.GetProperty("Subject").GetString());
        using var alarm = JsonDocument.Parse(body.RootElement.GetProperty("Message").GetString()!);
        Assert.Equal("ALARM", alarm.RootElement.GetProperty("NewStateValue").GetString());
        Assert.Equal("SUM", alarm.RootElement.GetProperty("Trigger").GetProperty("Statistic").GetString());
        Assert.Equal(
            "wrong é",
            alarm.RootElement.GetProperty("Vigil").GetProperty("Lines")[0].GetProperty("Message").GetString());
        Assert.Equal(0, await vigil.StopAsync());
    }

    /// <summary>What a detection counts is a metric like any other, and so is that the agent lives.</summary>
    [Fact]
    public async Task WhatADetectionCountsIsPublishedAndSoIsAHeartbeat()
    {
        Moto.SkipUnlessInstalled();
        await File.WriteAllTextAsync(_folder["secure"], "", TestContext.Current.CancellationToken);
        await using var moto = await Moto.StartAsync();
        var config = Configuration.WriteList(
            _folder, moto.Endpoint, [Configuration.Entry(_folder["secure"])], vigil: $$"""
                , "metrics": { "heartbeat": true },
                "detections": [ { "name": "guess", "file_path": "{{_folder["secure"]}}",
                  "pattern": "[wrong, user, size]",
                  "metric": { "value": "$size", "namespace": "Security", "name": "Wrong", "unit": "Bytes",
                  "dimensions": { "User": "$user" } }, "alarm": { "threshold": 1000 } } ]
                """);
        await using var vigil = VigilProcess.Start("run", "--config", config, "--state", _folder["state"]);
        await vigil.SaysAsync("Watching");
        await File.AppendAllTextAsync(
            _folder["secure"], "wrong ann 3\nwrong bob 4\nwrong ann 5\n", TestContext.Current.CancellationToken);

        // The heartbeat comes when the minute ends, and then all are published.
        await Wait.UntilAsync(() => ToPublish() == 3, () => $"{ToPublish()} wait; {vigil.Output}");
        await Wait.UntilAsync(() => ToPublish() == 0, () => $"{ToPublish()} wait; {vigil.Output}");
        Assert.Equal(8, await SumAsync(moto.Endpoint, "Security", "Wrong", "Name=User,Value=ann"));
        Assert.Equal(4, await SumAsync(moto.Endpoint, "Security", "Wrong", "Name=User,Value=bob"));
        Assert.Equal(1, await SumAsync(
            moto.Endpoint, "Vigil", "Heartbeat", $"Name=Host,Value={Environment.MachineName}"));
        Assert.Equal(0, await vigil.StopAsync());

        int ToPublish() =>
            State.Rows(_folder["state"]).Count(row => row.Key.StartsWith("datum/", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    static async Task<double> SumAsync(Uri endpoint, string space, string metric, string dimension)
    {
        var now = TimeProvider.System.GetUtcNow();
        var sums = await AwsCli.RunAsync(
            endpoint, "cloudwatch", "get-metric-statistics", "--namespace", space, "--metric-name", metric,
            "--dimensions", dimension, "--period", "3600", "--statistics", "Sum",
            "--start-time", $"{now.AddHours(-2):yyyy-MM-ddTHH:mm:ssZ}", "--end-time",
            $"{now.AddHours(2):yyyy-MM-ddTHH:mm:ssZ}", "--query", "Datapoints[].Sum", "--output", "text");
        return sums.Split((char[])['\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Sum(sum => double.Parse(sum, CultureInfo.InvariantCulture));
    }

    static async Task<int> CountAsync(Uri endpoint)
    {
        try
        {
            var count = await AwsCli.RunAsync(
                endpoint, "logs", "filter-log-events", "--log-group-name", Configuration.Group,
                "--query", "length(events)", "--output", "text");

            // The CLI counts page by page.
            return count.Split((char[])['\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries).Sum(int.Parse);
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
