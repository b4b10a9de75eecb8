using System.Text.Json;
using System.Text.Json.Nodes;
using Serilog.Events;

namespace Agent.Commands;

/// <summary>env-config.json beside the configuration: variables that the agent takes for its environment, as the
/// CloudWatch agent does, and the level of its log. What stands there goes before the environment.</summary>
static class EnvironmentFile
{
    const string Name = "env-config.json";
    const long MostBytes = 1 << 20;

    /// <summary>The variable of the log's level.</summary>
    public const string Level = "CWAGENT_LOG_LEVEL";

    /// <summary>The levels that can be asked for.</summary>
    public static readonly IReadOnlyList<string> Levels = ["DEBUG", "INFO", "WARN", "ERROR", "OFF"];

    /// <summary>The file that goes with a configuration.</summary>
    public static string Of(string configuration) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configuration).TrimEnd('/')) ?? "/", Name);

    /// <summary>Reads it.</summary>
    /// <returns>No variables where there is no such file.</returns>
    /// <exception cref="UsageException">It is none.</exception>
    public static SortedDictionary<string, string> Read(string path)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return variables;
        }

        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new JsonException("it is larger than 1 MiB");
            }

            var document = JsonNode.Parse(File.ReadAllText(path)) as JsonObject
                ?? throw new JsonException("it is no object");
            foreach (var (name, value) in document)
            {
                if (value?.GetValueKind() != JsonValueKind.String || !IsName(name))
                {
                    throw new JsonException($"\"{name}\" is no name of a variable, or has no string");
                }

                variables[name] = value.GetValue<string>();
            }

            return variables;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException(
                $"{path}: not an object of strings: {e.Message}. Mend it, or delete it to do without");
        }
    }

    /// <summary>Whether a variable may have this name.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>Takes over the variables that stand beside a configuration, and what follows from them.</summary>
    /// <exception cref="UsageException">What stands there is no such file.</exception>
    public static IReadOnlyDictionary<string, string> TakeOver(string configuration)
    {
        var variables = Read(Of(configuration));
        foreach (var (name, value) in variables.Where(one => one.Key != Level))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        HostMode.UseProfile(variables);
        return variables;
    }

    /// <summary>Sets one variable in it.</summary>
    /// <exception cref="UsageException">What is there is no such file.</exception>
    public static void Set(string path, string name, string value)
    {
        var variables = Read(path);
        variables[name] = value;
        var text = new JsonObject(variables.Select(one =>
            KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value)))).ToJsonString(
            new() { WriteIndented = true });
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var written = $"{path}.{Guid.NewGuid():N}.new"; // a name that nobody could prepare
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // There may be a password among them.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new StreamWriter(written, options))
        {
            file.Write(text + "\n");
        }

        File.Move(written, path, overwrite: true);
    }

    /// <summary>All but the level, as one text.</summary>
    public static string TextOf(IReadOnlyDictionary<string, string> variables) => string.Join(
        '\n', variables.Where(one => one.Key != Level).Select(one => $"{one.Key}={one.Value}"));

    /// <summary>The level of the log that is asked for; null where none is.</summary>
    public static LogEventLevel? LevelIn(IReadOnlyDictionary<string, string> variables) =>
        variables.GetValueOrDefault(Level)?.ToUpperInvariant() switch
        {
            "DEBUG" => LogEventLevel.Debug,
            "INFO" => LogEventLevel.Information,
            "WARN" => LogEventLevel.Warning,
            "ERROR" => LogEventLevel.Error,
            "OFF" => LogEventLevel.Fatal, // that it dies is said all the same
            _ => null
        };
}
