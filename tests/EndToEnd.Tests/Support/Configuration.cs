namespace EndToEnd.Tests.Support;

/// <summary>Configuration files as a person would write them.</summary>
static class Configuration
{
    public const string Group = "database_server_security_logs";
    public const string Stream = "web-1";

    /// <summary>Ships one file to an endpoint: "secure" in the folder is the log to write.</summary>
    public static string Write(TestFolder folder, Uri endpoint, string stream = Stream, int lingerMilliseconds = 100) =>
        WriteList(
            folder, endpoint,
            [Entry(folder["secure"], stream, """, "log_group_class": "STANDARD", "retention_in_days": 7""")],
            lingerMilliseconds);

    /// <summary>One entry of the collect list.</summary>
    /// <param name="more">Further keys, each with a comma before it.</param>
    public static string Entry(string path, string stream = Stream, string more = "") =>
        $$"""{ "file_path": "{{path}}", "log_group_name": "{{Group}}", "log_stream_name": "{{stream}}"{{more}} }""";

    /// <summary>Ships what the entries of a collect list name.</summary>
    /// <param name="vigil">Further keys of Vigil's section, each with a comma before it.</param>
    /// <returns>The path of the configuration.</returns>
    public static string WriteList(
        TestFolder folder, Uri endpoint, IEnumerable<string> entries, int lingerMilliseconds = 100,
        string vigil = "")
    {
        var path = folder["config.json"];
        File.WriteAllText(
            path,
            $$"""
            {
              "agent": { "region": "us-east-1" },
              "logs": {
                "endpoint_override": "{{endpoint}}",
                "force_flush_interval": 1,
                "logs_collected": { "files": { "collect_list": [
                  {{string.Join(",\n      ", entries)}}
                ] } }
              },
              "vigil": { "linger_ms": {{lingerMilliseconds}}{{vigil}} }
            }
            """);
        return path;
    }
}
