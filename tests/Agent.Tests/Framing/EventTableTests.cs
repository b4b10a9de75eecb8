using Agent.Framing;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Framing;

/// <summary>Cases/framing/events.txt: which events a file's bytes are.</summary>
public sealed class EventTableTests
{
    public static TheoryData<string, string, string, string> Table =>
        [.. from columns in Cases.Table("framing/events.txt", "|")
            select new TheoryDataRow<string, string, string, string>(
                columns[0], columns[1], columns[2], columns.Length > 3 ? columns[3] : columns[2])];

    [Theory, MemberData(nameof(Table))]
    public void BytesAreEvents(string start, string file, string soFar, string atTheEnd)
    {
        var bytes = Escapes.Bytes(file);

        Assert.Equal(Normal(soFar), new Framed(Plan(start)).Read(bytes, BlockEnd.Open).Events);

        var all = new Framed(Plan(start)).Read(bytes, BlockEnd.Final);
        Assert.Equal(Normal(atTheEnd), all.Events);
        Assert.Equal(bytes.Length, all.ConsumedBytes);
    }

    [Theory, MemberData(nameof(Table))]
    public void AFileThatComesByteByByteIsTheSameEvents(string start, string file, string soFar, string atTheEnd)
    {
        var bytes = Escapes.Bytes(file);
        var framed = new Framed(Plan(start));
        for (var length = 0; length <= bytes.Length; length++)
        {
            framed.Read(bytes.AsSpan(0, length), BlockEnd.Open);
        }

        Assert.Equal(Normal(soFar), framed.Events);
        Assert.Equal(Normal(atTheEnd), framed.Read(bytes, BlockEnd.Final).Events);
    }

    static string Normal(string events) =>
        string.Join('~', events.Split('~').Select(text => Escapes.Written(Escapes.Bytes(text))));

    static FramingPlan Plan(string start) => new FramingPlan { LongestBytes = 16 } with
    {
        Start = start switch
        {
            "glued" => EventStart.UnindentedLine,
            "every" => EventStart.EveryLine,
            _ => EventStart.Pattern
        },
        StartsEvent = line => line.StartsWith("#"u8)
    };
}
