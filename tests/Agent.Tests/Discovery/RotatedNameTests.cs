using Agent.Discovery;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Discovery;

/// <summary>Cases/discovery/rotated-names.txt: what a log is called once it was rotated.</summary>
public sealed class RotatedNameTests
{
    public static TheoryData<string, string, bool> Table =>
        [.. from columns in Cases.Table("discovery/rotated-names.txt", " | ")
            select new TheoryDataRow<string, string, bool>(columns[0], columns[1], columns[2] == "yes")];

    [Theory, MemberData(nameof(Table))]
    public void ARotatedLogIsKnownByItsName(string live, string candidate, bool isRotated) =>
        Assert.Equal(isRotated, RotatedName.Is(candidate, live));

    [Theory, MemberData(nameof(Table))]
    public void ALogIsFoundByTheNameThatItWasRotatedTo(string live, string candidate, bool isRotated) =>
        Assert.Equal(isRotated, RotatedName.LiveNamesOf(candidate).Contains(Path.GetFileName(live)));

    [Theory]
    [InlineData("/var/log/secure.1.gz", true)]
    [InlineData("/var/log/secure.ZST", true)]
    [InlineData("/var/log/secure.Z", true)]
    [InlineData("/var/log/secure.1", false)]
    [InlineData("/var/log/gz", false)]
    [InlineData("/var/log.gz/secure", false)]
    public void APackedLogIsKnownByItsEnding(string path, bool isCompressed) =>
        Assert.Equal(isCompressed, RotatedName.IsCompressed(path));

    [Theory]
    [InlineData("/var/log/secure", true)]
    [InlineData("/var/log/secure-20261122", true)]
    [InlineData("/var/log/secure-20261122.xz", false)]
    [InlineData("/var/log/backup.tar", false)]
    [InlineData("/var/lib/vigil/positions.db", false)]
    [InlineData("/var/lib/vigil/deep/below", false)]
    [InlineData("/var/lib/vigil2/app.log", true)]
    [InlineData("/var/lib/vigil", true)]
    public void NobodyAppendsToAPackedFileAndVigilDoesNotShipItself(string path, bool canBeLive)
    {
        Assert.Equal(canBeLive, new LiveNames("/var/lib/vigil").CanBeLive(path));
        Assert.Equal(canBeLive, new LiveNames("/var/lib/vigil/").CanBeLive(path));
    }
}
