using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Whole documents from Cases/config: good ones, ones with warnings, and bad ones, the latter two with the
/// faults beside them as they are shown.</summary>
public sealed class DocumentTests
{
    public static TheoryData<string> Good => Documents("good");

    public static TheoryData<string> Warned => Documents("warned");

    public static TheoryData<string> Bad => Documents("bad");

    [Theory, MemberData(nameof(Good))]
    public void AGoodDocumentIsTakenWithoutAWord(string document)
    {
        var result = Read(document);

        Assert.Empty(result.Faults);
        Assert.NotNull(result.Configuration);
    }

    [Theory, MemberData(nameof(Warned))]
    public void AWarningNamesWhatIsNotDoneAndTheDocumentIsUsed(string document)
    {
        var result = Read(document);

        Assert.Equal(ExpectedFaults(document), Shown(result));
        Assert.NotNull(result.Configuration);
    }

    [Theory, MemberData(nameof(Bad))]
    public void ABadDocumentIsRefusedWithAllItsFaultsAtOnceInTheOrderOfTheDocument(string document)
    {
        var result = Read(document);

        Assert.Equal(ExpectedFaults(document), Shown(result));
        Assert.Null(result.Configuration);
    }

    static TheoryData<string> Documents(string folder) =>
        [.. from file in Directory.EnumerateFiles(Cases.PathOf("config/" + folder), "*.json")
            select $"config/{folder}/{Path.GetFileName(file)}"];

    static ReadResult Read(string document) =>
        ConfigurationReader.Read(Path.GetFileName(document), File.ReadAllBytes(Cases.PathOf(document)));

    static string ExpectedFaults(string document) =>
        File.ReadAllText(Cases.PathOf(Path.ChangeExtension(document, ".faults")));

    static string Shown(ReadResult result) =>
        string.Concat(result.Faults.Select(fault => $"{fault.Severity} {fault}\n"));
}
