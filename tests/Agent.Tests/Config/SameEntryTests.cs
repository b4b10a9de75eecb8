using System.Text;
using Agent.Config;
using Agent.Config.Model;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>By this a configuration that is read again leaves those entries alone that it says the same of.</summary>
public sealed class SameEntryTests
{
    const string Document = """
        {"logs": {"logs_collected": {"files": {"collect_list": [{"file_path": "/var/log/secure",
        "log_group_name": "g", "log_stream_name": "s", "log_group_class": "STANDARD", "retention_in_days": 7,
        "timestamp_format": "%H:%M", "timezone": "UTC", "trim_timestamp": true, "multi_line_start_pattern": "^a",
        "encoding": "utf-16le", "auto_removal": true, "backpressure_mode": "fd_release", "blacklist": "b",
        "filters": [{"type": "include", "expression": "c"}, {"type": "exclude", "expression": "d"}],
        "service.name": "e", "deployment.environment": "f"}]}}},
        "vigil": {"files": [{"file_path": "/var/log/secure", "exclude": ["/x"], "tail_all": true,
        "start_position": "end", "ignore_older": 1, "multi_line_timeout_ms": 100, "partial_line_timeout": 5,
        "log_group_tags": {"k": "v"}, "role_arn": "arn:aws:iam::111122223333:role/logs"}]}}
        """;

    [Fact]
    public void AnEntryThatStandsElsewhereSaysTheSame() =>
        Assert.True(Entry(Document).SaysTheSameAs(Entry("\n\n  " + Document)));

    [Theory]
    [InlineData("\"g\"", "\"G\"")]
    [InlineData("\"s\"", "\"S\"")]
    [InlineData("STANDARD", "INFREQUENT_ACCESS")]
    [InlineData("days\": 7", "days\": 14")]
    [InlineData("%H:%M", "%M:%H")]
    [InlineData("UTC", "Local")]
    [InlineData("trim_timestamp\": true", "trim_timestamp\": false")]
    [InlineData("^a", "^A")]
    [InlineData("utf-16le", "utf-16be")]
    [InlineData("auto_removal\": true", "auto_removal\": false")]
    [InlineData(", \"backpressure_mode\": \"fd_release\"", "")]
    [InlineData("\"blacklist\": \"b\"", "\"blacklist\": \"B\"")]
    [InlineData("include", "exclude")]
    [InlineData("\"c\"", "\"C\"")]
    [InlineData(", {\"type\": \"exclude\", \"expression\": \"d\"}", "")]
    [InlineData("\"e\"", "\"E\"")]
    [InlineData("\"f\"", "\"F\"")]
    [InlineData("\"/x\"", "\"/y\"")]
    [InlineData("tail_all\": true", "tail_all\": false")]
    [InlineData("\"end\"", "\"beginning\"")]
    [InlineData("ignore_older\": 1", "ignore_older\": 2")]
    [InlineData("timeout_ms\": 100", "timeout_ms\": 200")]
    [InlineData("line_timeout\": 5", "line_timeout\": 6")]
    [InlineData("\"v\"", "\"V\"")]
    [InlineData("role/logs", "role/log")]
    public void AnEntryOfWhichOneThingChangedDoesNot(string written, string instead)
    {
        Assert.Contains(written, Document, StringComparison.Ordinal);
        var other = Entry(Document.Replace(written, instead, StringComparison.Ordinal));

        Assert.False(Entry(Document).SaysTheSameAs(other));
    }

    static CollectedFile Entry(string document)
    {
        var result = ConfigurationReader.Read("config.json", Encoding.UTF8.GetBytes(document));
        return Assert.Single((result.Configuration
            ?? throw new InvalidOperationException(string.Join('\n', result.Faults))).Logs.Files);
    }
}
