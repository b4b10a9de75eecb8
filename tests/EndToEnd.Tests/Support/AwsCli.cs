using System.Diagnostics;

namespace EndToEnd.Tests.Support;

/// <summary>The AWS CLI: somebody else's client, in a process of its own.</summary>
static class AwsCli
{
    public static bool IsInstalled { get; } = Tool.IsOnPath("aws");

    /// <summary>Runs it against an endpoint and returns what it prints.</summary>
    public static async Task<string> RunAsync(Uri endpoint, params string[] arguments)
    {
        var address = endpoint.GetLeftPart(UriPartial.Authority);
        var start = new ProcessStartInfo("aws", ["--endpoint-url", address, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["AWS_ACCESS_KEY_ID"] = "test";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "test";
        start.Environment["AWS_DEFAULT_REGION"] = "us-east-1";
        start.Environment["AWS_CONFIG_FILE"] = "/nonexistent";
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        using var aws = Process.Start(start)!;
        var printed = aws.StandardOutput.ReadToEndAsync();
        var complained = aws.StandardError.ReadToEndAsync();
        await aws.WaitForExitAsync();
        return aws.ExitCode == 0 ? await printed : throw new InvalidOperationException(await complained);
    }
}
