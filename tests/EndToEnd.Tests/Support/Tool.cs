namespace EndToEnd.Tests.Support;

/// <summary>Programs that a machine may or may not have.</summary>
static class Tool
{
    public static bool IsOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, name)));
}
