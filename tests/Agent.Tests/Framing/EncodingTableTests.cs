using Agent.Framing;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>Cases/framing/encodings.txt: what bytes say.</summary>
public sealed class EncodingTableTests
{
    public static TheoryData<string, string, string> Table =>
        [.. from columns in Cases.Table("framing/encodings.txt", " | ")
            select new TheoryDataRow<string, string, string>(columns[0], columns[1], columns[2])];

    [Theory, MemberData(nameof(Table))]
    public void BytesSayWhatTheirEncodingSays(string encoding, string hex, string events)
    {
        var file = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var framed = new Framed(new() { EncodingName = encoding == "-" ? null : encoding, LongestBytes = 64 });

        framed.Read(file, BlockEnd.Final);

        Assert.Equal(events, string.Join('~', framed.Texts.Select(Shown)));
        Assert.Equal(file.Length, framed.ConsumedBytes);
        Assert.Equal(events.Split(@"\xEF\xBF\xBD").Length - 1, framed.Counts.ReplacedSequences);
    }

    [Theory]
    [InlineData("FFFE6100", "6200 0A00", "b")]
    [InlineData("FEFF0061", "0062 000A", "b")]
    [InlineData("EFBBBF61", "62 0A", "b")]
    [InlineData("FF", "62 0A", "b")]
    [InlineData("", "62 0A", "b")]
    public void AFileResumedInItsMiddleIsReadAsItsBeginningSays(string head, string rest, string text)
    {
        var framer = new EventFramer(new(), new(), TimeProvider.System);
        framer.Resume(Convert.FromHexString(head));

        var block = Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal));
        var events = framer.Begin(block, BlockEnd.Quiet, isAtFileStart: false);

        Assert.True(events.TryTake(out var frame));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(frame.Text));
    }

    [Fact]
    public void AFileThatBeginsAnewIsReadAsItsNewBeginningSays()
    {
        var framer = new EventFramer(new(), new(), TimeProvider.System);
        framer.Begin("\u00FF\u00FE"u8, BlockEnd.Final, isAtFileStart: true);
        framer.Begin([0xFF, 0xFE, 0x61, 0x00], BlockEnd.Open, isAtFileStart: true);

        var events = framer.Begin("b\n"u8, BlockEnd.Quiet, isAtFileStart: true);

        Assert.True(events.TryTake(out var frame));
        Assert.Equal("b", System.Text.Encoding.UTF8.GetString(frame.Text));
    }

    [Theory]
    [InlineData("klingon")]
    [InlineData("")]
    public void AnEncodingNobodyKnowsIsNotFound(string name) => Assert.Null(FileEncoding.TryFind(name));

    // Control characters and U+FFFD as escapes, the rest as it reads.
    static string Shown(byte[] text) =>
        System.Text.Encoding.UTF8.GetString(text).Replace("\uFFFD", @"\xEF\xBF\xBD", StringComparison.Ordinal);
}
