using System.Xml.Linq;
using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary><c>vigil simulate</c>: what alarms would have done with a log that was saved.</summary>
public sealed class SimulateCommandTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ASavedLogIsGoneThroughWithItsOwnTimestamps()
    {
        await File.WriteAllLinesAsync(
            _folder["saved"],
            [
                "a line before any time",
                "2025-11-20T10:00:10Z web-1 wrong 1", "2025-11-20T10:00:20Z web-1 right",
                "2025-11-20T10:00:30Z web-1 wrong 2", "2025-11-20T10:01:05Z web-1 wrong 3", "continued, wrong too",
                "2025-12-01T10:00:00Z web-1 wrong 5"
            ],
            TestContext.Current.CancellationToken);
        var config = Configuration.WriteList(
            _folder, new("http://127.0.0.1:9"), [Configuration.Entry(_folder["secure"])], vigil: """
                , "notifications": [ { "name": "ops", "type": "journal" } ], "detections": [ {
                  "name": "guess", "file_path": "/var/log/secure", "pattern": "wrong", "notify": ["ops"],
                  "alarm": { "threshold": 2, "period": 120 } } ]
                """);

        await using var vigil = VigilProcess.Start(
            "simulate", "--config", config, "--log", _folder["saved"], "--svg", _folder["picture.svg"]);

        Assert.Equal(0, await vigil.ExitedAsync());
        var picture = XDocument.Parse(
            await File.ReadAllTextAsync(_folder["picture.svg"], TestContext.Current.CancellationToken));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(["told at 11-20 10:01"], picture.Descendants(svg + "path").Select(mark => mark.Value));
        Assert.Equal(
            ["11-20 10:01: 2", "11-20 10:02: 4", "11-20 10:03: 2", "12-01 10:01: 1", "12-01 10:02: 1"],
            picture.Descendants(svg + "rect").Select(bar => bar.Value).Where(title => title.Length > 0));
        Assert.Contains(
            "7 lines, of them 2 without a timestamp; alarms raised: 1", vigil.Output, StringComparison.Ordinal);
        Assert.Contains(
            """
            2025-11-20 10:01:00  guess  Sum 2        ##########                      OK
            2025-11-20 10:01:05  guess  ALARM is told to ops: > [3.0 (20/11/25 10:00:00)] was
                2025-11-20T10:00:10Z web-1 wrong 1
                2025-11-20T10:00:30Z web-1 wrong 2
                2025-11-20T10:01:05Z web-1 wrong 3
            2025-11-20 10:02:00  guess  Sum 4        ####################            ALARM
            2025-11-20 10:03:00  guess  OK is told to ops: > [2.0 (20/11/25 10:01:00)] was not
            2025-11-20 10:03:00  guess  Sum 2        ##########                      OK
            2025-11-20 10:04:00  guess  Sum -                 |                      OK
            2025-12-01 10:01:00  guess  Sum 1        #####    |                      OK
            2025-12-01 10:03:00  guess  Sum -                 |                      OK

            """.ReplaceLineEndings("\n"),
            vigil.Printed.Replace("Threshold Crossed: 1 datapoint", ">", StringComparison.Ordinal)
                .Replace(" greater than the threshold (2.0).", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "0 lines", "--log", "EMPTY")]
    [InlineData(2, "the configuration has none of that name", "--log", "EMPTY", "--detection", "x")]
    [InlineData(2, "Could not find file", "--log", "/nonexistent")]
    [InlineData(1, "0 lines", "--log", "EMPTY", "--of", "/var/log/secure")]
    [InlineData(2, "watches lines of /var/log/other", "--log", "EMPTY", "--of", "/var/log/other")]
    public async Task WhatCannotBeSimulatedIsSaid(int expected, string said, params string[] arguments)
    {
        await File.WriteAllTextAsync(_folder["empty"], "", TestContext.Current.CancellationToken);
        var config = Configuration.WriteList(
            _folder, new("http://127.0.0.1:9"), [Configuration.Entry(_folder["secure"])],
            vigil: """, "packs": [ { "name": "failed-logins", "file_path": "/var/log/secure" } ]""");

        var (exitCode, output) = await VigilProcess.RunAsync(
            ["simulate", "--config", config, .. arguments.Select(one => one == "EMPTY" ? _folder["empty"] : one)]);

        Assert.Equal(expected, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }
}
