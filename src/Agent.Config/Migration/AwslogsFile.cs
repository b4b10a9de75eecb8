using System.Globalization;
using System.Text.Json.Nodes;
using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Migration;

/// <summary>The configuration of the old CloudWatch Logs agent, awslogs.conf: an INI file with a section for each log
/// file. Source: the CloudWatch agent's code, which reads it too.</summary>
static class AwslogsFile
{
    public const string UsualPath = "/var/awslogs/etc/awslogs.conf";

    /// <summary>Of the agent itself.</summary>
    const string General = "general";

    /// <summary>Keys that Vigil needs no counterpart of: it sends compressed, in order, and goes on where it
    /// was.</summary>
    static readonly string[] Settled =
    [
        "batch_count", "batch_size", "file_fingerprint_lines", "initial_position", "queue_size",
        "use_gzip_http_content_encoding"
    ];

    /// <summary>Names of Python's for encodings that others call otherwise.</summary>
    static readonly Dictionary<string, string> PythonNames = new(StringComparer.Ordinal)
    {
        ["latin-1"] = "iso-8859-1",
        ["mac-roman"] = "macintosh",
        ["mac-cyrillic"] = "x-mac-cyrillic",
        ["utf-8-sig"] = "utf-8"
    };

    /// <summary>Reads a file's text. What cannot be taken over is in the notes.</summary>
    public static ImportedLogs Read(string text)
    {
        var notes = new List<string>();
        var entries = new List<JsonObject>();
        int? flush = null;
        foreach (var section in IniSection.AllIn(text, notes))
        {
            if (section.Name == General)
                continue;

            var entry = EntryOf(section, notes);
            if (entry["file_path"] is null)
            {
                notes.Add($"[{section.Name}] names no file, and is left out");
                continue;
            }

            entries.Add(entry);
            flush ??= FlushSecondsOf(section, notes);
        }

        return new(entries, flush, notes);
    }

    static JsonObject EntryOf(IniSection section, List<string> notes)
    {
        var entry = new JsonObject();
        foreach (var (key, value) in section.Values)
        {
            switch (key)
            {
                case "file":
                    entry["file_path"] = value;
                    break;
                case "log_group_name" or "log_stream_name" or "log_group_class":
                    entry[key] = value;
                    break;
                case "datetime_format":
                    entry["timestamp_format"] = value;
                    break;
                case "time_zone":
                    entry["timezone"] = value;
                    break;
                case "multi_line_start_pattern":
                    entry[key] = value.Replace("{datetime_format}", "{timestamp_format}", StringComparison.Ordinal);
                    break;
                case "encoding":
                    AddEncoding(entry, section.Name, value, notes);
                    break;
                case "retention_in_days" when int.TryParse(value, CultureInfo.InvariantCulture, out var days):
                    entry[key] = days;
                    break;
                case "buffer_duration":
                    break; // of all files together
                default:
                    if (!Settled.Contains(key))
                        notes.Add($"[{section.Name}] {key} = {Shown.Text(value)} has no counterpart, and is left out");

                    break;
            }
        }

        return entry;
    }

    // Python writes utf_8 where others write utf-8.
    static void AddEncoding(JsonObject entry, string section, string value, List<string> notes)
    {
        var hyphened = value.Replace('_', '-').ToLowerInvariant();
        string[] spellings =
        [
            value, hyphened, PythonNames.GetValueOrDefault(hyphened, hyphened),
            hyphened.Replace("-le", "le", StringComparison.Ordinal).Replace("-be", "be", StringComparison.Ordinal)
        ];
        var known = spellings.FirstOrDefault(name => EncodingLabels.NameOf(name) is not null);
        if (known is not null)
            entry["encoding"] = known;
        else
            notes.Add($"[{section}] encoding = {Shown.Text(value)} is not known, and is left out: UTF-8 is read");
    }

    static int? FlushSecondsOf(IniSection section, List<string> notes)
    {
        if (section.Values.GetValueOrDefault("buffer_duration") is not { } value)
            return null;

        if (int.TryParse(value, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0)
            return Math.Max(1, milliseconds / 1000);

        notes.Add($"[{section.Name}] buffer_duration = {Shown.Text(value)} is no time, and is left out");
        return null;
    }
}
