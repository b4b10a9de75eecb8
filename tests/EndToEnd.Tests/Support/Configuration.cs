namespace EndToEnd.Tests.Support;

/// <summary>Configuration files as a person would write them.</summary>
static class Configuration
{
    public const string Group = "database_server_security_logs";
    public const string Stream = "web-1";

    /// <summary>Ships one file to an endpoint; the file's path is returned as the log to write.</summary>
    public static string Write(TestFolder folder, Uri endpoint, string stream = Stream, int lingerMilliseconds = 100)
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
                "logs_collected": { "files": { "collect_list": [ {
                  "file_path": "{{folder["secure"]}}",
                  "log_group_name": "{{Group}}",
                  "log_stream_name": "{{stream}}",
                  "log_group_class": "STANDARD",
                  "retention_in_days": 7
                } ] } }
              },
              "vigil": { "linger_ms": {{lingerMilliseconds}} }
            }
            """);
        return path;
    }
}
