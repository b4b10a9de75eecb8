using EndToEnd.Tests.Support;
using Xunit;

namespace EndToEnd.Tests;

/// <summary><c>vigil pattern</c>: what a pattern would do is seen at the desk.</summary>
public sealed class PatternCommandTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task APatternIsTriedOnTheLastLinesOfAFileAndShowsWhatItReads()
    {
        await File.WriteAllLinesAsync(
            _folder["access"],
            [
                .. Enumerable.Repeat("10.0.0.9 - 404 1", 10),
                .. Enumerable.Repeat("10.0.0.1 \"a b\" 200 5", 48),
                "10.0.0.2 \"a b\" 404 77", "no fields"
            ],
            TestContext.Current.CancellationToken);

        await using var vigil = VigilProcess.Start(
            "pattern", "test", "[ip, request, status = 4*, size]", _folder["access"]);

        Assert.Equal(0, await vigil.ExitedAsync());
        Assert.EndsWith(
            """
            match     10.0.0.2 "a b" 404 77
                        $ip = 10.0.0.2
                        $request = a b
                        $status = 404
                        $size = 77
            no match  no fields

            """.ReplaceLineEndings("\n"), vigil.Printed, StringComparison.Ordinal);
        Assert.Contains("1 of the last 50 lines match; --last 0 tries all\n", vigil.Output, StringComparison.Ordinal);

        await using var all = VigilProcess.Start(
            "pattern", "test", "[ip, ..., status = 4*, size]", _folder["access"],
            "--last", "0", "--matched", "--value", "$size");
        Assert.Equal(0, await all.ExitedAsync());
        Assert.EndsWith(
            "10.0.0.2 \"a b\" 404 77\n            $size = 77\n", all.Printed, StringComparison.Ordinal);
        Assert.Contains("11 of 60 lines match\n", all.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "0 of 1 lines match", "ERROR", "FILE")]
    [InlineData(2, "character 7: '==' is no comparison; equality is written with one '='", "{ $.v == 1 }", "FILE")]
    [InlineData(2, "\n        ^\n", "{ $.v == 1 }", "FILE")]
    [InlineData(2, "Could not find file", "ERROR", "/nonexistent")]
    [InlineData(2, "the name of the file is empty", "ERROR", "")]
    [InlineData(2, "--last -1: the number of lines is 0 for all, or more", "ERROR", "FILE", "--last", "-1")]
    [InlineData(2, "--value x: character 1: this is no selector", "ERROR", "FILE", "--value", "x")]
    public async Task ItEndsAsGrepDoes(int expected, string said, params string[] arguments)
    {
        await File.WriteAllTextAsync(_folder["log"], "a line", TestContext.Current.CancellationToken);

        var (exitCode, output) = await VigilProcess.RunAsync(
            ["pattern", "test", .. arguments.Select(one => one == "FILE" ? _folder["log"] : one)]);

        Assert.Equal(expected, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[ip, ..., status = 4* && status != 404, bytes > 1000]", "1.1.1.1 me \"x y\" 404 2000", """
        yes  A line with at least 3 fields, with blanks between them, text in quotes or brackets being one: it has 5
               ip
               ... any others
               status
                 all of these hold:
        yes        is a text like "4*": it is 404
        no         is there, and not 404: it is 404
               bytes
        yes      is a number greater than 1000: it is 2000
        The line does not match.

        """)]
    [InlineData("{ ($.code = 404 || $.x[*] = %^a%) && $.user NOT EXISTS }", """{"code":4,"user":null,"x":["ab"]}""", """
        yes  A line that is one JSON object in which
               all of these hold:
                 one of these holds:
        no         $.code is 404: it is 4
        yes        $.x[*] has the regular expression ^a in it (one of them is enough)
        no       $.user does not exist
        The line does not match.

        """)]
    [InlineData("?a -b", "xa", """
             A line
        yes    without "b"
             ?a means nothing: it stands beside terms without a question mark.
        The line matches.

        """)]
    [InlineData("su: -cron %fail(ed)?%", "", "the pattern is not good")]
    [InlineData("\"su:\" -cron %failure|denied%", "su: denied by cron", """
             A line in which all of these are, in any order:
        yes    "su:"
        yes    the regular expression failure|denied
             and
        no     without "cron"
        The line does not match.

        """)]
    public async Task AnExplanationSaysWhyALineDoesOrDoesNotMatch(string pattern, string line, string expected)
    {
        var (exitCode, output) = await VigilProcess.RunAsync("pattern", "explain", pattern, line);

        Assert.True(
            output.Contains(expected.ReplaceLineEndings("\n"), StringComparison.Ordinal), $"{exitCode}: {output}");
    }
}
