using System.Text;
using Agent.Tests.Support;
using CloudWatch.Matching;
using CsCheck;
using Xunit;

namespace Agent.Tests.Matching;

/// <summary>Regular expressions over UTF-8; what they mean is in <see cref="Expressions.MatchTests"/>.</summary>
public sealed class ByteMatcherTests
{
    static readonly string[] Pieces = ["a", "b", "c", "é", "💥", "\n", " ", "abca"];

    static readonly Edge[] Edges = Enum.GetValues<Edge>();

    static readonly Gen<Node> Letters = Gen.OneOf(
        Gen.Int[0, 4].Select(index => (Node)new Letter(RuneSet.Of("abcé\n"[index]))),
        Gen.Const<Node>(new Letter(RuneSet.Of([('a', 'b')]))),
        Gen.Const<Node>(new Letter(RuneSet.Of('a').Negated())),
        Gen.Const<Node>(new Letter(RuneSet.Of(0x1F4A5))),
        Gen.Const<Node>(new Sequence([.. "abca".Select(letter => new Letter(RuneSet.Of(letter)))])));

    static readonly Gen<Node> Expressions = Gen.Recursive<Node>((depth, inner) => depth > 4
        ? Letters
        : Gen.Frequency(
            (3, Letters),
            (2, Gen.Int[0, Edges.Length - 1].Select(index => (Node)new Anchor(Edges[index]))),
            (3, inner.Array[0, 3].Select(items => (Node)new Sequence(items))),
            (2, inner.Array[1, 3].Select(branches => (Node)new Choice(branches))),
            (2, Gen.Select(inner, Gen.Int[0, 2], Gen.Int[0, 3]).Select((item, least, more) =>
                (Node)new Repeat(item, least, more == 3 ? null : least + more, IsCounted: true)))));

    static readonly Gen<string> Texts = Gen.Int[0, 7].Array[0, 12].Select(
        letters => string.Concat(letters.Select(index => Pieces[index])));

    // Of four in a row three have a beginning in common.
    static readonly Gen<string[]> Lines = Gen.Select(Texts, Texts.Array[1, 8], (beginning, ends) =>
        ends.Select((end, number) => number % 4 == 3 ? end : beginning + end).ToArray());

    /// <summary>Against the plainest reading of the same expression. .NET's own engines are no judge: they are wrong
    /// about conditions that are repeated.</summary>
    [Fact]
    public void AnExpressionFindsWhatItSays() => Gen.Select(Expressions, Lines).Sample(
        (expression, texts) =>
        {
            var matcher = new ByteMatcher(BytePattern.Of(expression)!);
            foreach (var text in texts)
            {
                Assert.Equal(PlainReading.IsIn(text, expression), matcher.IsMatch(Encoding.UTF8.GetBytes(text)));
            }
        },
        iter: 20_000);

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

    /// <summary>"Failed password for " is compared as a whole, and what most lines begin with ends within it.</summary>
    [Fact]
    public void ABeginningThatManyTextsHaveMayEndWhereTheExpressionGoesOnInOneWay()
    {
        var automaton = new Automaton(Some.Pattern("^[a-z]+ Failed password for (root|admin)").Ops);

        Assert.False(automaton.IsMatch("sshd Failed passphrase for root"u8));
        Assert.True(automaton.IsMatch("sshd Failed password for root"u8)); // they have "sshd Failed pass" in common
        Assert.True(automaton.IsMatch("sshd Failed password for admin"u8));
        Assert.False(automaton.IsMatch("sshd Failed pass"u8));
        Assert.False(automaton.IsMatch("sshd Failed passed for root"u8));
        Assert.True(automaton.IsMatch("sshd Failed password for root"u8));
    }

    /// <summary>Text that is the only way on is compared as a whole, its first eight bytes as a word: with another byte
    /// in any place of it, where the text ends there, and where it goes on.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(20)]
    public void TextThatIsComparedAsAWholeIsComparedToItsLastByte(int length)
    {
        var chain = "Failed password from"[..length];
        var ops = Some.Pattern(@"^\d+" + chain).Ops;
        bool IsMatch(string text) => new Automaton(ops).IsMatch(Encoding.UTF8.GetBytes(text));

        Assert.True(IsMatch($"42{chain}"));
        Assert.True(IsMatch($"42{chain} and more than that"));
        for (var at = 0; at < length; at++)
        {
            var other = $"42{chain[..at]}\u0001{chain[(at + 1)..]}";
            Assert.False(IsMatch(other), other);
            Assert.False(IsMatch($"{other} and more than that"), other);
            Assert.False(IsMatch($"42{chain[..at]}"), chain[..at]);
        }
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
}
