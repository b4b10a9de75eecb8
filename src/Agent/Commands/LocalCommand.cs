using System.CommandLine;
using LocalCloud;
using LocalCloud.Faults;

namespace Agent.Commands;

/// <summary><c>vigil local</c>: CloudWatch Logs on this machine.</summary>
static class LocalCommand
{
    public static Command Create()
    {
        var port = WholeNumber.Option(
            "--port", "PORT",
            $"The port on 127.0.0.1; 0 picks a free one and prints it; default: {Connection.LocalPort}", 0, 65535);
        var data = new Option<string>("--data")
        {
            Description = "Where to keep log groups and log events",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultDataFolder()
        };
        var accessKey = new Option<string?>("--access-key")
        {
            Description = "Accept only requests signed with this key; without it any signature is taken",
            HelpName = "ID"
        };
        var secretKey = new Option<string?>("--secret-key") { Description = "The key's secret", HelpName = "SECRET" };
        var faults = new Option<string?>("--faults")
        {
            Description = "Fail on purpose, as a JSON file says; the faults can be changed at /vigil/faults meanwhile",
            HelpName = "FILE"
        };
        var command = new Command(
            "local",
            "Serve CloudWatch Logs on this machine, for use without an AWS account\n\n"
            + "Faults, for tests and demonstrations:\n"
            + """  { "rules": [{ "action": "PutLogEvents", "share": 0.3, "error": "ThrottlingException" }] }"""
            + "\n  a rule does one thing: error (status, message), cut, drop_answer, requests_per_second, latency_ms, "
            + "drip_ms;\n  it may have action, contains, share and times. clock_offset_seconds and seed are for all.\n"
            + """  curl -X PUT -d '{"rules":[{"cut":true,"share":0.1}]}' http://127.0.0.1:4586/vigil/faults""")
        {
            port, data, accessKey, secretKey, faults
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(accessKey) is null) != (result.GetValue(secretKey) is null))
            {
                result.AddError("--access-key and --secret-key belong together");
            }
        });
        command.SetGuardedAction(async (parsed, cancel) => await ServeAsync(
            new()
            {
                DataFolder = parsed.GetRequiredValue(data),
                Port = parsed.GetValue(port) ?? Connection.LocalPort,
                AccessKey = parsed.GetValue(accessKey),
                SecretKey = parsed.GetValue(secretKey),
                Faults = parsed.GetValue(faults) is { } file
                    ? FaultPlan.Read(await File.ReadAllBytesAsync(file, cancel), file)
                    : null
            },
            cancel));
        return command;
    }

    static async Task<int> ServeAsync(LocalCloudOptions options, CancellationToken cancel)
    {
        await using var server = await LocalCloudServer.StartAsync(options, TimeProvider.System, cancel);
        var address = server.Endpoint.GetLeftPart(UriPartial.Authority);
        var signing = options.AccessKey is null ? " --no-sign-request" : "";
        await Console.Out.WriteLineAsync($"Serving CloudWatch Logs on {address}, data in {options.DataFolder}");
        await Console.Out.WriteLineAsync(
            $$"""

            Ship to it:   "logs": { "endpoint_override": "{{address}}", … }   in the configuration of vigil run
            Look at it:   vigil logs groups --endpoint {{address}}
            AWS CLI:      aws --endpoint-url {{address}} --region us-east-1{{signing}} logs describe-log-groups
            Ctrl-C stops it; what it holds stays.
            """);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }

    static string DefaultDataFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } own
            ? Path.Combine(own, "vigil", "local")
            : "/var/lib/vigil/local";
}
