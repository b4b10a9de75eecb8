using System.Diagnostics;
using System.Text.Json;

namespace LocalCloud.Tests.Support;

/// <summary>The AWS command line, a client that knows nothing of us: its own process, with no settings but
/// these.</summary>
static class AwsCli
{
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// <summary>Skips the test, saying so, where there is no aws.</summary>
    public static void MustBeThere() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "aws"))),
        "The AWS CLI (aws) is not on PATH.");

    /// <summary>Runs "aws logs …" against a server and reads what it prints.</summary>
    public static async Task<CliAnswer> RunAsync(Uri endpoint, string[] arguments, string secretKey = SecretKey)
    {
        var start = new ProcessStartInfo("aws")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AWS_ENDPOINT_URL"] = endpoint.ToString(),
                ["AWS_ACCESS_KEY_ID"] = AccessKey,
                ["AWS_SECRET_ACCESS_KEY"] = secretKey,
                ["AWS_DEFAULT_REGION"] = "us-east-1",
                ["AWS_DEFAULT_OUTPUT"] = "json",
                ["AWS_CONFIG_FILE"] = "/nowhere",
                ["AWS_SHARED_CREDENTIALS_FILE"] = "/nowhere",
                ["AWS_EC2_METADATA_DISABLED"] = "true",
                ["AWS_MAX_ATTEMPTS"] = "1",
                ["AWS_PAGER"] = ""
            }
        };
        start.ArgumentList.Add("logs");
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, errors);
    }
}

/// <summary>What a run of the AWS command line gave.</summary>
sealed record CliAnswer(int ExitCode, string Output, string Errors)
{
    public JsonElement Json
    {
        get
        {
            Assert.True(ExitCode == 0, Errors);
            return JsonDocument.Parse(Output).RootElement;
        }
    }

    public string[] Texts(string list, string member) => Json.GetProperty(list).EnumerateArray()
        .Select(item => item.GetProperty(member).GetString()!).ToArray();
}
