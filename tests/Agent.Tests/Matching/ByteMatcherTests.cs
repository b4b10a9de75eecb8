using System.Text;
using System.Text.RegularExpressions;
using Agent.Tests.Support;
using CloudWatch.Matching;
using CsCheck;
using Xunit;

namespace Agent.Tests.Matching;

/// <summary>Regular expressions over UTF-8; what they mean is in <see cref="Expressions.MatchTests"/>.</summary>
public sealed class ByteMatcherTests
{
    static readonly Gen<string> Texts = One("a", "b", "c", "é", "💥", "\n", " ", "").Array[0, 12]
        .Select(string.Concat);

    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>Expressions that mean the same in RE2 and in .NET, which has wrong answers for a lazy repetition of
    /// conditions.</summary>
    static readonly Gen<string> Written = Gen.Recursive<string>((depth, inner) => depth > 4
        ? One(
            "a", "b", "[ab]", "[^a]", ".", "é", "💥", "abc", "\\n", "(?m:^)", "(?m:$)", "\\A", "\\z", "\\b", "\\B")
        : Gen.Frequency(
            (3, One("a", "b", "c", "[ab]", "[^b]", "é", "abcabc")),
            (3, Gen.Select(inner, inner, (one, other) => $"{one}{other}")),
            (2, Gen.Select(inner, inner, (one, other) => $"(?:{one}|{other})")),
            (2, Gen.Select(inner, One("*", "+", "?", "{2}", "{0,2}", "{2,}"), (one, times) =>
                $"(?:{one}){times}"))));

    [Fact]
    public void AnyExpressionFindsWhatDotNetFinds() => Gen.Select(Written, Texts.Array[1, 8]).Sample(
        (written, texts) =>
        {
            var matcher = new ByteMatcher(Some.Pattern(written));
            foreach (var text in texts)
            {
                if (IsFoundByDotNet(written, text) is { } isFound)
                {
                    Assert.Equal(isFound, matcher.IsMatch(Encoding.UTF8.GetBytes(text)));
                }
            }
        },
        iter: 5_000);

    /// <summary>Whether the seventeenth letter before the end is an a can be told only by keeping all of the last
    /// seventeen: a row of the automaton for each of 131,072 ways.</summary>
    [Fact]
    public void ATextThatVisitsEveryRowTakesBoundedMemory()
    {
        const string Expression = "a[ab]{16}$";
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b'));
        var bytes = Encoding.UTF8.GetBytes(text);
        var automaton = new Automaton(Some.Pattern(Expression).Ops);
        var most = 0;

        for (var length = 59_900; length <= 60_000; length++)
        {
            Assert.Equal(text[length - 17] == 'a', automaton.IsMatch(bytes.AsSpan(0, length)));
            most = Math.Max(most, automaton.Bytes);
        }

        Assert.InRange(most, 100_000, 1_100_000);
    }

    [Fact]
    public void AMatchAllocatesNothingOnceSuchLinesWereSeen()
    {
        var matcher = new ByteMatcher(Some.Pattern("^Failed [a-z]+ for [a-zä]+ from\\b"));
        var lines = new[] { "Failed password for root from"u8.ToArray(), "Failed password for jäger from"u8.ToArray() };
        Look(matcher, lines, times: 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Look(matcher, lines, times: 1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ALiteralThatMostTextsHaveIsStillAskedFor()
    {
        var matcher = new ByteMatcher(Some.Pattern("Failed [a-z]+"));
        for (var i = 0; i < 10_000; i++)
        {
            var isMatch = i < 5000 ? i % 10 > 0 : i % 10 == 0;
            Assert.Equal(isMatch, matcher.IsMatch(isMatch ? "sshd: Failed password"u8 : "sshd: Accepted password"u8));
        }
    }

    [Fact]
    public void BytesThatAreNoTextMatchNothing() =>
        Assert.False(new ByteMatcher(Some.Pattern("a[^x]b")).IsMatch([(byte)'a', 0xFF, (byte)'b']));

    static Gen<string> One(params string[] of) => Gen.Int[0, of.Length - 1].Select(index => of[index]);

    static void Look(ByteMatcher matcher, byte[][] lines, int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var line in lines)
            {
                Assert.True(matcher.IsMatch(line));
            }
        }
    }

    // Null where .NET takes too long; its own automaton has wrong answers for repeated conditions. It looks at
    // halves of pairs, and takes letters beyond ASCII for parts of words: so both are made signs.
    static bool? IsFoundByDotNet(string written, string text)
    {
        try
        {
            return Regex.IsMatch(Plain(text), Plain(written), RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    static string Plain(string text) => text.Replace("💥", "☆", StringComparison.Ordinal)
        .Replace('é', '¿');
}
