using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Agent.Events;
using Agent.Tail;
using Agent.Tests.Support;
using EndToEnd.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Tail;

/// <summary>A real journal is read as journalctl reads it, each entry once.</summary>
public sealed class JournalTests : IDisposable
{
    const StringComparison Text = StringComparison.Ordinal;

    static readonly DateTimeOffset Began = new(2026, 11, 6, 9, 5, 1, 250, TimeSpan.Zero);

    readonly TestFolder _folder = new();
    readonly SystemJournal _journal;
    readonly FakeTimeProvider _time = new(Began.AddDays(1));

    public JournalTests()
    {
        SystemJournal.SkipUnlessInstalled();
        _journal = new(_folder["journal"]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Units, priority, matches as in a configuration, and how journalctl is asked for the same.</summary>
    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("ssh", "", "", "-u ssh")]
    [InlineData("ssh.service cron", "", "", "-u ssh -u cron")]
    [InlineData("session-1.scope", "5", "", "-u session-1.scope -p 5")]
    [InlineData("user.slice", "", "", "-u user.slice")]
    [InlineData("", "3", "", "-p err")]
    [InlineData(
        "", "", "_UID=0,SYSLOG_IDENTIFIER=a _TRANSPORT=kernel", "_UID=0 SYSLOG_IDENTIFIER=a + _TRANSPORT=kernel")]
    [InlineData("ssh", "4", "_UID=0 _UID=1", "-u ssh -p 4 _UID=0 + _UID=1")]
    public void TheEntriesThatAreMeantAreThoseOfJournalctl(
        string units, string priority, string matches, string journalctl)
    {
        string[] identifiers = ["a", "b"];
        string[] transports = ["syslog", "kernel"];
        (string, string)[] written =
        [
            ("_SYSTEMD_UNIT", "ssh.service"), ("_SYSTEMD_UNIT", "cron.service"), ("_SYSTEMD_UNIT", "session-1.scope"),
            ("UNIT", "ssh.service"), ("OBJECT_SYSTEMD_UNIT", "ssh.service"), ("COREDUMP_UNIT", "cron.service")
        ];
        _journal.Append(
            from i in Enumerable.Range(0, 600)
            let unit = written[i % written.Length]
            select (Began.AddSeconds(i), (ValueTuple<string, string>[])
            [
                ("MESSAGE", $"entry {i}"), ("PRIORITY", $"{i / 3 % 8}"), unit, ("_UID", $"{i / 5 % 3}"),
                ("_PID", $"{1 + (i / 7 % 2)}"), ("_SYSTEMD_SLICE", i % 17 == 0 ? "user.slice" : "system.slice"),
                ("SYSLOG_IDENTIFIER", identifiers[i / 11 % 2]),
                ("_TRANSPORT", transports[i / 13 % 2]), ("MESSAGE_ID", "fc2e22bc6ee647b6b90729ab34a250b1")
            ]));
        var query = new JournalQuery(
            Words(units), priority.Length == 0 ? null : int.Parse(priority, CultureInfo.InvariantCulture),
            [.. Words(matches).Select(match => match.Split(','))])
        {
            Folder = _journal.Folder
        };

        var expected = Programs.Run(
            "journalctl", ["--directory", _journal.Folder, "-o", "cat", "--no-pager", .. Words(journalctl)]);
        using var content = Content(query, JournalFormat.Message);
        Assert.Equal(Words(expected, '\n'), ReadAll(content).Select(one => one.Text));
    }

    [Fact]
    public void AsJsonAnEntryHasTheFieldsThatJournalctlShows()
    {
        Append(("MESSAGE", "a \"quoted\"\tline"), ("_PID", "1"), ("B", "1"), ("B", "2"), ("A", "x"));

        using var content = Content(JournalFormat.Json);
        var (text, stamp) = Assert.Single(ReadAll(content));

        var shown = JsonNode.Parse(
            Programs.Run("journalctl", "--directory", _journal.Folder, "-o", "json"))!.AsObject();
        Assert.Equal(Began.ToUnixTimeMilliseconds(), stamp);
        Assert.True(shown.Remove("__REALTIME_TIMESTAMP"));
        foreach (var ofAnotherVersion in (string[])["__SEQNUM", "__SEQNUM_ID"])
            shown.Remove(ofAnotherVersion);
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["body"] = shown }, JsonNode.Parse(text)), text);
        Assert.StartsWith("{\"body\":{\"A\":\"x\",\"B\":[\"1\",\"2\"],\"MESSAGE\":", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MESSAGE=Failed;_HOSTNAME=web-1;SYSLOG_IDENTIFIER=sshd;SYSLOG_PID=7;_PID=8", "web-1 sshd[7]: Failed")]
    [InlineData("MESSAGE=Failed;_HOSTNAME=web-1;_COMM=su;_PID=8", "web-1 su[8]: Failed")]
    [InlineData("MESSAGE=Failed;_HOSTNAME=web-1;SYSLOG_IDENTIFIER=kernel", "web-1 kernel: Failed")]
    [InlineData("MESSAGE=\u00FF\u0000x;_HOSTNAME=h;_COMM=a", "h a: \uFFFD\0x")]
    public void AsSyslogAnEntryIsALineOfSyslog(string fields, string expected)
    {
        Append([.. fields.Split(';').Select(field => (field.Split('=')[0], field.Split('=')[1]))]);

        using var content = Content(JournalFormat.Syslog);

        Assert.Equal("Nov  6 09:05:01 " + expected, Assert.Single(ReadAll(content)).Text);
    }

    [Fact]
    public void AnEntryWithoutAMessageIsNoLineAndIsPassedOver()
    {
        Append(("NOTHING", "1"));
        Append(("MESSAGE", "a"), ("_HOSTNAME", "h"), ("_COMM", "c"));

        using var content = Content(JournalFormat.Syslog);

        Assert.Equal(["", "Nov  6 09:05:01 h c: a"], ReadAll(content).Select(one => one.Text));
    }

    /// <summary>However little is taken of what was read, and wherever it is read on after a restart.</summary>
    [Fact]
    public void EachEntryIsReadOnceHoweverItIsTaken()
    {
        Append(3000);
        var (block, read, random) = (new byte[TailedContent.BlockBytes], new List<string>(), new Random(7));
        var content = Content(JournalFormat.Message);
        while (content.Read(block, out var data) == ReadOutcome.Data)
        {
            var bytes = 0;
            for (var left = random.Next(1, 700); left > 0 && bytes < data.Length; left--)
            {
                read.Add(Encoding.UTF8.GetString(EventRecord.TextOf(data[bytes..], out _)));
                bytes += EventRecord.HeadBytes + Encoding.UTF8.GetByteCount(read[^1]);
            }

            content.Advance(data[..bytes]);
            if (random.Next(3) == 0)
            {
                var (place, offset) = (content.Place!, content.OffsetBytes);
                content.Dispose();
                content = Content(Query, JournalFormat.Message, JournalPlace.Parse(place), offset);
            }
        }

        content.Dispose();
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"entry {i}"), read);
    }

    [Fact]
    public void WhatIsWrittenLaterIsReadWhereNothingWasThereBefore()
    {
        Append(("MESSAGE", "of another"), ("_UID", "1"));
        var query = Query with { Matches = [["_UID=0"]] };
        var end = JournalContent.EndOf(query, Began.AddSeconds(5));
        Assert.Null(end.Cursor);
        using var content = Content(query, JournalFormat.Message, JournalPlace.Parse(end.ToString()), 0);
        Assert.Empty(ReadAll(content));

        _journal.Append(Began.AddSeconds(4), ("MESSAGE", "before"), ("_UID", "0"));
        _journal.Append(Began.AddSeconds(6), ("MESSAGE", "after"), ("_UID", "0"));
        content.TakeChanges();

        Assert.Equal(["after"], ReadAll(content).Select(one => one.Text));
    }

    [Fact]
    public void FromTheEndOnlyWhatIsNewIsReadAlsoFromANewFile()
    {
        Append(3);
        using var content = Content(Query, JournalFormat.Message, JournalContent.EndOf(Query, Began), 0);
        Assert.Empty(ReadAll(content));

        _journal.Append([(Began.AddHours(1), [("MESSAGE", "new")])], "system@1.journal");
        content.TakeChanges();

        Assert.Equal(["new"], ReadAll(content).Select(one => one.Text));
    }

    [Fact]
    public void ALongEntryIsCutIntoEventsAndReadOnInTheMiddle()
    {
        var message = string.Concat(Enumerable.Range(0, 1000).Select(i => $"\u00C3\u00A9{i % 10}")); // é, as its bytes
        Append(("MESSAGE", message));
        var whole = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(message));
        var (block, read, place, offset) = (new byte[TailedContent.BlockBytes], "", JournalPlace.Start, 0L);
        for (var pieces = 0; ; pieces++)
        {
            using var content = new JournalContent(
                Query, new(JournalFormat.Message, TimeZoneInfo.Utc), 100, place, offset, Began, _time);
            if (content.Read(block, out var data) == ReadOutcome.UpToDate)
            {
                Assert.Equal((31, whole), (pieces, read));
                return;
            }

            var text = EventRecord.TextOf(data, out _);
            read += Encoding.UTF8.GetString(text);
            content.Advance(data[..(EventRecord.HeadBytes + text.Length)]);
            (place, offset) = (JournalPlace.Parse(content.Place!), content.OffsetBytes);
        }
    }

    [Fact]
    public void ItGoesBackToWhereItWas()
    {
        Append(10);
        using var content = Content(JournalFormat.Message);
        var block = new byte[TailedContent.BlockBytes];
        content.Read(block, out var data);
        content.Advance(data[..(2 * (EventRecord.HeadBytes + 7))]);
        var position = Some.Position with { Place = content.Place, OffsetBytes = content.OffsetBytes };
        ReadAll(content);

        Assert.True(content.TryGoBackTo(position with { SeenAt = Began.AddHours(-1).ToUnixTimeMilliseconds() }));

        // What is gone meanwhile was not sent, though it was read.
        Assert.Equal(Began.AddHours(-1), content.SeenUntil);
        Assert.Equal(["entry 2", "entry 3"], ReadAll(content).Select(one => one.Text).Take(2));
    }

    /// <summary>journald deletes its oldest files when they take too much disk.</summary>
    [Theory]
    [InlineData(30, true)]
    [InlineData(90, false)]
    public void WhatIsGoneBeforeItWasReadIsTold(int seenUntilMinutes, bool isLost)
    {
        Append(3);
        var place = JournalContent.EndOf(Query, Began);
        _journal.Append([(Began.AddHours(1), [("MESSAGE", "left")])], "later.journal");
        File.Delete(_folder["journal/system.journal"]);

        using var content = new JournalContent(
            Query, new(JournalFormat.Message, TimeZoneInfo.Utc), 1000, place, 77, Began.AddMinutes(seenUntilMinutes),
            _time);

        Assert.Equal(["left"], ReadAll(content).Select(one => one.Text));
        var cut = content.TakeCut();
        Assert.Equal(isLost, cut is not null);
        if (isLost)
        {
            Assert.Equal(
                (77, null, "the journal holds nothing that was written before 2026-11-06T10:05:01Z, and was last read "
                    + "at 2026-11-06T09:35:01Z: what was written between is gone, if there was any"), cut!.Value);
        }
    }

    [Fact]
    public void WhatIsGoneIsToldOnceAlsoWhereNothingIsLeft()
    {
        Append(3);
        var place = JournalContent.EndOf(Query, Began);
        File.Delete(_folder["journal/system.journal"]);
        using var content = Content(Query, JournalFormat.Message, place, 0);
        Assert.Empty(ReadAll(content));
        Assert.Contains("nothing that was written before 2026-11-07", content.TakeCut()!.Value.Reason, Text);

        _time.Advance(TimeSpan.FromDays(2));
        _journal.Append([(Began.AddDays(2), [("MESSAGE", "new")])], "later.journal");
        content.TakeChanges();

        Assert.Equal(["new"], ReadAll(content).Select(one => one.Text));
        Assert.Null(content.TakeCut());
    }

    /// <summary>A program may hand anything over, also what takes as much memory as the host has.</summary>
    [Fact]
    public void AHugeFieldIsCut()
    {
        Append(("MESSAGE", "a"), ("HUGE", Random.Shared.GetHexString(20 << 20)));
        using var content = new JournalContent(
            Query, new(JournalFormat.Json, TimeZoneInfo.Utc), 1 << 19, JournalPlace.Start, 0, Began, _time);

        var length = ReadAll(content).Sum(one => one.Text.Length);

        Assert.InRange(length, 16 << 20, (16 << 20) + 1000);
    }

    [Fact]
    public void AFolderWithoutAJournalIsToldOf()
    {
        Directory.CreateDirectory(_journal.Folder);

        Assert.Equal(
            $"there is no journal in {_journal.Folder}: is this host run by systemd?",
            JournalFiles.Fault(_journal.Folder, out var isForbidden));
        Assert.False(isForbidden);
        Append(1);
        Assert.Null(JournalFiles.Fault(_journal.Folder, out _));
        using var absent = Content(Query with { Folder = _folder["absent"] }, JournalFormat.Message);
        Assert.Equal(ReadOutcome.Failed, absent.Read(new byte[TailedContent.BlockBytes], out _));
        Assert.Contains("the journal cannot be opened", absent.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void NoPlaceIsMisread()
    {
        var place = new JournalPlace("s=1;i=2;b=3;m=4;t=661372c73de39;x=6", 3, 0x661372c73de39);
        Assert.Equal(place, JournalPlace.Parse(place.ToString()));
        Assert.Equal(place with { Pieces = 0 }, JournalPlace.Parse("s=1;i=2;b=3;m=4;t=661372c73de39;x=6"));
        Assert.Equal(new(null, 0, 17), JournalPlace.Parse("@17"));
        Assert.Equal(JournalPlace.Start, JournalPlace.Parse(JournalPlace.Start.ToString()));
        Assert.Throws<FormatException>(() => JournalPlace.Parse("@x"));
        Assert.Throws<FormatException>(() => JournalPlace.Parse("s=1;i=2;t=1 +x"));
        foreach (var text in (string[])["", "garbage", "s=1;i=2;b=3", "t=12"])
            Assert.Throws<FormatException>(() => JournalPlace.Parse(text));
    }

    JournalQuery Query => new([], null, []) { Folder = _journal.Folder };

    void Append(params (string Name, string Value)[] fields) => _journal.Append(Began, fields);

    void Append(int entries) => _journal.Append(Enumerable.Range(0, entries).Select(
        i => (Began.AddMilliseconds(i), (ValueTuple<string, string>[])[("MESSAGE", $"entry {i}")])));

    JournalContent Content(JournalFormat format) => Content(Query, format);

    JournalContent Content(JournalQuery query, JournalFormat format) => Content(query, format, JournalPlace.Start, 0);

    JournalContent Content(JournalQuery query, JournalFormat format, JournalPlace place, long offset) =>
        new(query, new(format, TimeZoneInfo.Utc), 100_000, place, offset, Began, _time);

    static List<(string Text, long Stamp)> ReadAll(JournalContent content)
    {
        var (block, read) = (new byte[TailedContent.BlockBytes], new List<(string, long)>());
        while (true)
        {
            var outcome = content.Read(block, out var data);
            if (outcome != ReadOutcome.Data)
            {
                Assert.True(outcome == ReadOutcome.UpToDate, content.Fault);
                return read;
            }

            for (var rest = data; !rest.IsEmpty;)
            {
                var text = EventRecord.TextOf(rest, out var stamp);
                read.Add((Encoding.UTF8.GetString(text), stamp));
                rest = rest[(EventRecord.HeadBytes + text.Length)..];
            }

            content.Advance(data);
        }
    }

    static string[] Words(string text, char separator = ' ') =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries);
}
