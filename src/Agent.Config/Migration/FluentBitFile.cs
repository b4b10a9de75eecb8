using System.Globalization;
using System.Text.Json.Nodes;
using Agent.Config.Expressions;
using Agent.Config.Model;

namespace Agent.Config.Migration;

/// <summary>What of a configuration of Fluent Bit Vigil does: files that are tailed (input tail) and go to CloudWatch
/// Logs (output cloudwatch_logs), and what grep lets through of them. Source: Fluent Bit manual, "Tail", "Amazon
/// CloudWatch" and "Grep".</summary>
sealed class FluentBitFile(IReadOnlyList<FluentBitSection> sections, List<string> notes)
{
    /// <summary>Keys of tail that Vigil needs no counterpart of, or that are taken over.</summary>
    static readonly string[] KnownOfTail =
    [
        "name", "alias", "path", "tag", "db", "exclude_path", "read_from_head", "multiline", "multiline.parser",
        "parser_firstline", "multiline_flush", "refresh_interval", "rotate_wait", "buffer_chunk_size",
        "buffer_max_size", "mem_buf_limit", "skip_long_lines", "skip_empty_lines", "inotify_watcher", "threaded",
        "static_batch_size", "ignore_older", "file_cache_advise", "log_level", "key", "docker_mode"
    ];

    static readonly string[] KnownOfOutput =
    [
        "name", "alias", "match", "region", "log_group_name", "log_stream_name", "log_stream_prefix", "log_key",
        "auto_create_group", "log_retention_days", "log_group_class", "role_arn", "external_id", "endpoint", "port",
        "tls", "tls.verify", "workers", "retry_limit", "auto_retry_requests", "net.connect_timeout", "net.keepalive",
        "compress", "log_level", "log_format", "add_entity"
    ];

    readonly List<JsonObject> _entries = [];
    readonly List<JsonObject> _files = [];
    string? _region;
    string? _endpoint;
    string? _externalId;

    /// <summary>Where Fluent Bit keeps how far it read.</summary>
    public IReadOnlyList<string> Databases =>
        [.. sections.Select(section => section["db"]).OfType<string>().Distinct(StringComparer.Ordinal)];

    public ImportedLogs ToLogs()
    {
        var inputs = Of("INPUT", "tail", KnownOfTail);
        var outputs = Of("OUTPUT", "cloudwatch_logs", KnownOfOutput);
        foreach (var (index, input) in inputs.Index())
        {
            var tag = input["tag"] ?? string.Create(CultureInfo.InvariantCulture, $"tail.{index}");
            var fitting = outputs.FindAll(output => IsMatch(output["match"] ?? "", tag));
            if (fitting.Count == 0)
                notes.Add($"tail of {input["path"]}: no output cloudwatch_logs takes it, and it is left out");

            foreach (var output in fitting)
                AddFiles(input, tag, output);
        }

        var vigil = new JsonObject { ["tail_all"] = true, ["files"] = new JsonArray([.. _files]) };
        if (_externalId is not null)
            vigil["role_external_id"] = _externalId;

        return new(_entries, FlushSeconds(), notes) { Region = _region, Endpoint = _endpoint, Vigil = vigil };
    }

    List<FluentBitSection> Of(string name, string plugin, string[] known)
    {
        var found = new List<FluentBitSection>();
        foreach (var section in sections.Where(section => section.Name == name))
        {
            if (section.Plugin != plugin)
            {
                notes.Add($"[{name}] {section.Plugin} is not taken over: Vigil ships files to CloudWatch Logs");
                continue;
            }

            found.Add(section);
            foreach (var (key, value) in section.Values.Where(value => !known.Contains(value.Key)))
                notes.Add($"[{name}] {plugin}: {key} {value} has no counterpart, and is left out");
        }

        return found;
    }

    void AddFiles(FluentBitSection input, string tag, FluentBitSection output)
    {
        Take(output);
        foreach (var path in (input["path"] ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var entry = new JsonObject
            {
                ["file_path"] = path,
                ["log_group_name"] = output["log_group_name"] ?? "fluent-bit-cloudwatch"
            };
            NameStream(entry, path, tag, output);
            if (WholeIn(output, "log_retention_days") is { } days)
                entry["retention_in_days"] = days;
            if (output["log_group_class"] is { } named)
                entry["log_group_class"] = named;
            AddFilters(entry, tag);
            _entries.Add(entry);
            AddExtras(input, path, output);
        }
    }

    void AddExtras(FluentBitSection input, string path, FluentBitSection output)
    {
        var extras = new JsonObject { ["file_path"] = path };
        if (output["log_group_name"] is { } group)
            extras["log_group_name"] = group;
        if (!input.IsOn("multiline") && input["multiline.parser"] is null)
        {
            extras["multi_line"] = "off";
        }
        else
        {
            notes.Add($"tail of {path}: several lines are one event by a parser of Fluent Bit's, here by their "
                + "indentation: set multi_line_start_pattern if that is not what you want");
        }

        if (!input.IsOn("read_from_head"))
            extras["start_position"] = "end";
        if (input["exclude_path"] is { } excluded)
        {
            var patterns = excluded.Split(',', StringSplitOptions.TrimEntries);
            extras["exclude"] = new JsonArray([.. patterns.Select(one => (JsonNode)JsonValue.Create(one))]);
        }

        if (output["role_arn"] is { } role)
            extras["role_arn"] = role;
        if (_files.TrueForAll(known => !JsonNode.DeepEquals(known, extras)))
            _files.Add(extras);
    }

    // Fluent Bit puts a file's path into its tag where that has an asterisk, and the tag behind the prefix.
    void NameStream(JsonObject entry, string path, string tag, FluentBitSection output)
    {
        if (output["log_stream_name"] is { } name)
        {
            entry["log_stream_name"] = name;
            return;
        }

        var prefix = output["log_stream_prefix"] ?? "";
        if (!GlobSyntax.IsPattern(path) || !tag.Contains('*', StringComparison.Ordinal))
        {
            var inTag = path.TrimStart('/').Replace('/', '.');
            entry["log_stream_name"] = prefix + tag.Replace("*", inTag, StringComparison.Ordinal);
            return;
        }

        entry["publish_multi_logs"] = true;
        entry["log_stream_name"] = prefix.Length == 0 ? "fluent-bit" : prefix.TrimEnd('-', '_', '.');
        notes.Add($"tail of {path}: each file has a stream of its own as before, but of another name: "
            + $"{entry["log_stream_name"]}_ and the path");
    }

    void AddFilters(JsonObject entry, string tag)
    {
        var filters = new JsonArray();
        foreach (var grep in sections.Where(section => section is { Name: "FILTER", Plugin: "grep" }
            && IsMatch(section["match"] ?? "", tag)))
        {
            if (grep["logical_op"] is { } op && !op.Equals("legacy", StringComparison.OrdinalIgnoreCase))
            {
                notes.Add($"grep with Logical_Op {op} is left out, so that more lines are sent: here all filters of a "
                    + "file must let a line pass");
                continue;
            }

            foreach (var (key, value) in grep.Values.Where(value => value.Key is "regex" or "exclude"))
            {
                var parts = value.Split([' ', '\t'], 2, StringSplitOptions.TrimEntries);
                if (parts is not [("log" or "$log"), var expression]
                    || !Expression.TryRead(expression, timestampFormat: null, out _, out _))
                {
                    notes.Add($"grep {key} {value}: it looks into another key than log, or is no expression of RE2; it "
                        + "is left out, so that more lines are sent");
                    continue;
                }

                filters.Add((JsonNode)new JsonObject
                {
                    ["type"] = key == "regex" ? "include" : "exclude",
                    ["expression"] = expression
                });
            }
        }

        if (filters.Count > 0)
            entry["filters"] = filters;

        foreach (var other in sections.Where(section => section.Name == "FILTER" && section.Plugin != "grep"
            && IsMatch(section["match"] ?? "", tag)))
        {
            notes.Add($"[FILTER] {other.Plugin} for {entry["file_path"]} is left out: lines are sent as they are");
        }
    }

    // What concerns all files: one of each can be said.
    void Take(FluentBitSection output)
    {
        _region = One("region", _region, output["region"]);
        _endpoint = One("endpoint", _endpoint, EndpointOf(output));
        _externalId = One("external_id", _externalId, output["external_id"]);
        if (output["log_key"] is null)
            Note("without log_key Fluent Bit wraps each line in JSON, {\"log\": …}: Vigil sends the line itself");
    }

    string? One(string key, string? known, string? said)
    {
        if (known is not null && said is not null && known != said)
            Note($"{key}: {known} holds for all files, not {said} for some; run a second agent for those");

        return known ?? said;
    }

    void Note(string note)
    {
        if (!notes.Contains(note))
            notes.Add(note);
    }

    static string? EndpointOf(FluentBitSection output)
    {
        if (output["endpoint"] is not { } host)
            return null;

        var scheme = output["tls"]?.ToLowerInvariant() is "off" or "false" or "no" ? "http" : "https";
        var port = output["port"] is { } number ? ":" + number : "";
        return host.Contains("://", StringComparison.Ordinal) ? host + port : $"{scheme}://{host}{port}";
    }

    int? FlushSeconds()
    {
        var flush = sections.FirstOrDefault(section => section.Name == "SERVICE")?["flush"];
        return double.TryParse(flush, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 172_800
            ? Math.Max(1, (int)seconds)
            : null;
    }

    static int? WholeIn(FluentBitSection section, string key) =>
        int.TryParse(section[key], CultureInfo.InvariantCulture, out var number) ? number : null;

    // An asterisk in what is matched stands for any text.
    static bool IsMatch(string pattern, string tag)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
            return pattern == tag;

        var at = 0;
        foreach (var (index, part) in parts.Index())
        {
            var found = index == parts.Length - 1 ? tag.Length - part.Length
                : tag.IndexOf(part, at, StringComparison.Ordinal);
            if (found < at || (index == 0 && found != 0) || !tag[found..].StartsWith(part, StringComparison.Ordinal))
                return false;

            at = found + part.Length;
        }

        return true;
    }
}
