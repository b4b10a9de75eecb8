using System.Globalization;
using Agent.Events;
using Agent.Status;
using Xunit;

namespace Agent.Tests.Status;

public sealed class MetricsTextTests
{
    [Fact]
    public void WhatIsKnownOfAFileIsASampleWithItsNames()
    {
        var delivery = new DeliveryStatus(2, 0, 0, 1, null, null);
        var lines = LinesOf("/var/log/a \"b\"\\c\nd", new FileStatus("x", 1, 2, false, 100, 90, 80, delivery)
        {
            BehindSeconds = 1.5
        });

        const string Labels = """{path="/var/log/a \"b\"\\c\nd",log_group="g",log_stream="s"}""";
        Assert.Contains($"vigil_file_behind_bytes{Labels} 20", lines);
        Assert.Contains($"vigil_file_behind_seconds{Labels} 1.5", lines);
        Assert.Contains($"vigil_events_delivered_total{Labels} 7", lines);
        Assert.Contains($"vigil_bytes_delivered_total{Labels} 700", lines);
        Assert.Contains($"vigil_retries_total{Labels} 3", lines);
        Assert.Contains($"vigil_batches_in_flight{Labels} 2", lines);
    }

    [Fact]
    public void ProblemsAreCountedByTheirCause()
    {
        var lines = LinesOf("/log");

        Assert.Contains("vigil_healthy 0", lines);
        Assert.Contains("vigil_problems{cause=\"network\"} 2", lines);
        Assert.Contains("vigil_lost_bytes_total 5", lines);
    }

    [Fact]
    public void AlarmsAndWhatIsMeasuredAreTold()
    {
        var lines = LinesOf("/log");

        Assert.Contains("vigil_alarm{alarm=\"failed-su\",state=\"ALARM\"} 1", lines);
        Assert.Contains("vigil_measured{metric=\"LagSeconds\",unit=\"Seconds\"} 2.5", lines);
    }

    [Fact]
    public void EverySampleStandsUnderItsTypeAndIsANumber()
    {
        var type = "";
        foreach (var line in LinesOf("/log"))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                type = line.Split(' ')[2];
            }
            else if (!line.StartsWith('#'))
            {
                Assert.Equal(type, line.Split('{', ' ')[0]);
                Assert.True(double.TryParse(line.Split(' ')[^1], CultureInfo.InvariantCulture, out _), line);
            }
        }
    }

    static string[] LinesOf(string path, params FileStatus[] files) => MetricsText.Of(new(
        StatusReport.Running, "1", "/state",
        [new("a", "x") { Cause = "network" }, new("b", "y") { Cause = "network" }],
        [new(path, "g", "s", null, files, null) { Totals = new(7, 700, 3) }],
        new(1, 5, 0, null))
    {
        Alarms = [new("failed-su", null, "/log", "x", null, "ALARM", "", default, [])],
        Measured = [new("LagSeconds", "Seconds", 60, 2.5)]
    }).TrimEnd('\n').Split('\n');
}
