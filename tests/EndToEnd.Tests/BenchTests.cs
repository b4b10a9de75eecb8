using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary>What a host can ship is measured in one command.</summary>
public sealed class BenchTests(ITestOutputHelper output)
{
    [Fact]
    public async Task AllLinesArriveAndItSaysHowFast()
    {
        var (exitCode, said) = await VigilProcess.RunAsync("bench", "--mb", "8");
        output.WriteLine(said);

        Assert.Equal(0, exitCode);
        Assert.Contains(" MB/s, ", said, StringComparison.Ordinal);
        Assert.Contains("As many log events arrived as lines were written", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooLittleIsRefused()
    {
        var (exitCode, said) = await VigilProcess.RunAsync("bench", "--mb", "0");

        Assert.Equal(2, exitCode);
        Assert.Contains("--mb takes a whole number from 8 to 65536", said, StringComparison.Ordinal);
    }
}
