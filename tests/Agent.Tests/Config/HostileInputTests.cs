using System.Diagnostics;
using System.Text;
using Agent.Config;
using Agent.Tests.Support;
using CsCheck;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Whatever a file holds: an answer, never an exception, and a configuration exactly when there is no error.
/// </summary>
public sealed class HostileInputTests
{
    static readonly byte[][] Documents =
    [
        .. Directory.EnumerateFiles(Cases.PathOf("config"), "*.json", SearchOption.AllDirectories).Order()
            .Select(File.ReadAllBytes)
    ];

    static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\ud800", "\u0000", "null", "-1", "1e999", "5.0", "{x}", "${X}",
        "ä", "\n"
    ];

    [Fact]
    public void RandomBytesGetAnAnswer() => Gen.Byte.Array[0, 200].Sample(IsAnswered);

    [Fact]
    public void RandomTokensGetAnAnswer() =>
        OneOf(Tokens).Array[0, 60].Select(tokens => Encoding.UTF8.GetBytes(string.Concat(tokens)))
            .Sample(IsAnswered);

    [Fact]
    public void ADocumentWithBytesChangedGetsAnAnswer() =>
        Gen.Select(OneOf(Documents), Gen.Select(Gen.Int[0, 5000], Gen.Byte).Array[1, 4])
            .Select((document, changes) => Changed(document, changes))
            .Sample(IsAnswered);

    [Fact]
    public void ADocumentWithATokenPutInOrAPieceCutOutGetsAnAnswer() =>
        Gen.Select(OneOf(Documents), Gen.Int[0, 5000], Gen.Int[0, 40], OneOf(Tokens))
            .Select((document, at, length, token) => Spliced(document, at, length, token))
            .Sample(IsAnswered);

    [Theory]
    [InlineData("[", "1,", "1]")]
    [InlineData("{\"logs\":{", "\"x\":1,", "\"y\":1}}")]
    [InlineData("{\"logs\":{\"log_stream_name\":\"", "{x}", "\"}}")]
    [InlineData("", "{\"a\":", "")]
    [InlineData("{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[", "{\"file_path\":\"/a\"},", "{}]}}}}")]
    public void AMebibyteOnOneLineTakesSecondsAtMost(string head, string repeated, string tail)
    {
        var repeats = ((1 << 20) - head.Length - tail.Length) / repeated.Length;
        var body = string.Concat(Enumerable.Repeat(repeated, repeats));
        var watch = Stopwatch.StartNew();

        IsAnswered(Encoding.UTF8.GetBytes(head + body + tail));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    static void IsAnswered(byte[] document)
    {
        var result = ConfigurationReader.Read("x", document);

        Assert.Equal(result.Faults.Any(fault => fault.Severity == Severity.Error), result.Configuration is null);
        Assert.All(result.Faults, fault =>
        {
            Assert.True(fault.Place is { Line: > 0, Column: > 0 }, "a fault without a place");
            Assert.DoesNotContain(fault.ToString(), char.IsControl);
        });
    }

    static Gen<T> OneOf<T>(T[] choices) => Gen.Int[0, choices.Length - 1].Select(choice => choices[choice]);

    static byte[] Changed(byte[] document, (int At, byte Value)[] changes)
    {
        var changed = document.ToArray();
        foreach (var (at, value) in changes)
            changed[at % changed.Length] = value;
        return changed;
    }

    static byte[] Spliced(byte[] document, int at, int length, string token)
    {
        var start = at % document.Length;
        var end = Math.Min(document.Length, start + length);
        return [.. document[..start], .. Encoding.UTF8.GetBytes(token), .. document[end..]];
    }
}
