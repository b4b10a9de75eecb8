using Agent.Commands;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace Agent.Tests.Commands;

public sealed class OwnLogTests : IDisposable
{
    readonly TestFolder _folder = new();
    readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AKindOfMessageIsSaidFiftyTimesAMinuteAndThenCounted()
    {
        var sink = new Kept();
        using var limit = new RepeatLimit([sink], _time);
        using var log = new LoggerConfiguration().WriteTo.Sink(limit).CreateLogger();
        for (var i = 0; i < 1050; i++)
        {
            log.Warning("{Path} cannot be read", i);
        }

        log.Warning("something else");
        Assert.Equal(51, sink.Messages.Count);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("1000 more in one minute of the kind: {Path} cannot be read", sink.Messages[^1]);

        log.Warning("{Path} cannot be read", "again");
        Assert.Equal("again cannot be read", sink.Messages[^1]);
    }

    [Fact]
    public void WhatIsCountedAtTheEndIsSaid()
    {
        var sink = new Kept();
        var limit = new RepeatLimit([sink], _time);
        using var log = new LoggerConfiguration().WriteTo.Sink(limit).CreateLogger();
        for (var i = 0; i < 51; i++)
        {
            log.Warning("no");
        }

        limit.Dispose();
        Assert.StartsWith("1 more in one minute", sink.Messages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsFullMakesRoomAndFiveOlderOnesStay()
    {
        var file = new LogFile();
        Assert.Null(file.WriteTo(_folder["own.log"]));
        using var log = new LoggerConfiguration().WriteTo.Sink(file).CreateLogger();
        for (var i = 0; i < 8; i++)
        {
            using (var full = File.OpenWrite(_folder["own.log"]))
            {
                full.SetLength(20 << 20);
            }

            log.Information("number {Number}", i);
        }

        Assert.EndsWith("I! number 7\n", File.ReadAllText(_folder["own.log"]), StringComparison.Ordinal);
        Assert.Equal(
            ["own.log", "own.log.1", "own.log.2", "own.log.3", "own.log.4", "own.log.5"],
            Directory.GetFiles(_folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AFileThatWasMovedAwayIsBegunAnew()
    {
        var file = new LogFile();
        file.WriteTo(_folder["own.log"]);
        using var log = new LoggerConfiguration().WriteTo.Sink(file).CreateLogger();
        log.Error("one\ntwo");
        File.Move(_folder["own.log"], _folder["moved"]);
        log.Warning("three");

        Assert.EndsWith("Z E! one two\n", File.ReadAllText(_folder["moved"]), StringComparison.Ordinal);
        Assert.EndsWith("Z W! three\n", File.ReadAllText(_folder["own.log"]), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatCannotBeWrittenToIsNamed()
    {
        _folder.Write("file", "no folder");

        Assert.Contains(
            $"{_folder["file/own.log"]}: cannot be written to", new LogFile().WriteTo(_folder["file/own.log"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"A\": 1}")]
    [InlineData("null")]
    [InlineData("{\"A\": ")]
    [InlineData("")]
    public void AnEnvironmentThatIsNoneIsRefusedByItsName(string text)
    {
        _folder.Write("env-config.json", text);
        var fault = Assert.Throws<UsageException>(() => EnvironmentFile.Read(_folder["env-config.json"]));

        Assert.StartsWith(_folder["env-config.json"], fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Remembers what it is told.</summary>
    sealed class Kept : ILogEventSink
    {
        public List<string> Messages { get; } = [];

        public void Emit(LogEvent logEvent) => Messages.Add(JournalFormat.MessageOf(logEvent));
    }
}
