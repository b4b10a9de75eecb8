using System.Text;
using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Cases/config/syntax.txt: documents that are no JSON, and what is said at which place.</summary>
public sealed class SyntaxTests
{
    public static TheoryData<string, string> Documents =>
        [.. from columns in Cases.Table("config/syntax.txt", " => ")
            select new TheoryDataRow<string, string>(columns[0], columns[1])];

    [Theory, MemberData(nameof(Documents))]
    public void AFaultOfSyntaxNamesThePlaceAndWhatWasFoundThere(string document, string expected)
    {
        var result = Read(Encoding.UTF8.GetBytes(document.Replace('␊', '\n').Replace('␉', '\t')));

        Assert.Equal("x:" + expected, Assert.Single(result.Faults).ToString());
        Assert.Null(result.Configuration);
    }

    [Fact]
    public void AByteOrderMarkIsNoFaultAndNoColumn() =>
        Assert.StartsWith("x:1:2: 'b' was found", Read("\uFEFF{b"u8.ToArray()).Faults[0].ToString());

    [Fact]
    public void ADocumentInAnotherEncodingIsNamedAsSuch()
    {
        Assert.Equal("x:1:1: is UTF-16, only UTF-8 is allowed; save the file as UTF-8",
            Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}")]).Faults.Single().ToString());
        Assert.Equal("x:2:3: has the byte 0xE4, which is not UTF-8; save the file as UTF-8",
            Read(Encoding.Latin1.GetBytes("{\n\"Jänner\": 1}")).Faults.Single().ToString());
    }

    static ReadResult Read(byte[] document) => ConfigurationReader.Read("x", document);
}
