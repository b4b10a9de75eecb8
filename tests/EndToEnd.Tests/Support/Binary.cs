namespace EndToEnd.Tests.Support;

/// <summary>Which vigil is under test: the one VIGIL_BINARY names, else the one that was built beside the
/// tests.</summary>
static class Binary
{
    public static string Path { get; } = Find();

    static string Find()
    {
        if (Environment.GetEnvironmentVariable("VIGIL_BINARY") is { Length: > 0 } named)
        {
            return named;
        }

        // artifacts/bin/EndToEnd.Tests/<configuration>/ -> artifacts/bin/Agent/<configuration>/vigil
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var built = System.IO.Path.Combine(own.Parent!.Parent!.FullName, "Agent", own.Name, "vigil");
        return File.Exists(built) ? built : throw new FileNotFoundException($"build src/Agent first: {built}");
    }
}
