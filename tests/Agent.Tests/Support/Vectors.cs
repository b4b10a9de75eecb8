using System.Text.Json;
using Xunit;

namespace Agent.Tests.Support;

/// <summary>Outcomes recorded from the service, which stand beside some checkouts of the project and are no part of it.
/// </summary>
static class Vectors
{
    /// <summary>The lines of a table of the service's outcomes. Where the tables are not beside the checkout the test
    /// is skipped; where they are, a row that is missing is a failure.</summary>
    public static List<JsonElement> Read(string name, int rows)
    {
        var file = Find(name);
        Assert.SkipWhen(
            file is null && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 },
            $"The recorded outcomes (shared/spec/{name}) are not beside this checkout.");
        Assert.True(file is not null, $"shared/spec/{name} is not beside this checkout, where CI has it");
        List<JsonElement> vectors = [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(rows, vectors.Count);
        return vectors;
    }

    static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "spec", name);
            if (File.Exists(file))
                return file;
        }

        return null;
    }
}
