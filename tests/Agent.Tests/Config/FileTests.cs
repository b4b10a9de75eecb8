using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>What stands where a configuration file was expected.</summary>
public sealed class FileTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vigil-config-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AMissingFileIsSaidToBeMissing()
    {
        Assert.Equal("is not there; create it, or name the file that is meant", FaultOf(Named("absent.json")));
        Assert.Equal("is not there; create it, or name the file that is meant", FaultOf(Named("absent/absent.json")));
    }

    [Fact]
    public void ADirectoryIsNoConfigurationFile() =>
        Assert.Equal("has no configuration file in it; put one there, or name a file", FaultOf(_folder.FullName));

    [Fact]
    public void AFileOfMoreThanOneMebibyteIsNotRead()
    {
        var file = Named("large.json");
        File.WriteAllText(file, new string(' ', (1 << 20) + 1));

        Assert.StartsWith("is larger than the 1048576 bytes that are allowed", FaultOf(file));
    }

    [Fact]
    public void AFileOfOneMebibyteIsRead()
    {
        var file = Named("full.json");
        var document = File.ReadAllText(Cases.PathOf("config/good/minimal.json"));
        File.WriteAllText(file, document.PadRight(1 << 20));

        Assert.NotNull(ConfigurationReader.Read(file).Configuration);
    }

    [Fact]
    public void AnEndlessFileEndsTheReading() =>
        Assert.StartsWith("is larger than", FaultOf("/dev/zero"));

    [Fact]
    public void AFileThatMayNotBeReadSaysSo()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read every file");
        var file = Named("secret.json");
        File.WriteAllText(file, "{}");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.None);

        Assert.StartsWith("may not be read by this user", FaultOf(file));
    }

    [Theory, InlineData(""), InlineData("a\0b")]
    public void AnImpossibleNameIsAFaultLikeAnyOther(string name) =>
        Assert.Null(ConfigurationReader.Read(name).Configuration);

    string Named(string name) => Path.Combine(_folder.FullName, name);

    static string FaultOf(string path)
    {
        var result = ConfigurationReader.Read(path);
        Assert.Null(result.Configuration);
        var shown = Assert.Single(result.Faults).ToString();
        Assert.StartsWith(path + ": ", shown);
        return shown[(path.Length + 2)..];
    }
}
