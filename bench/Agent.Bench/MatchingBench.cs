using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using CloudWatch.Matching;

namespace Agent.Bench;

/// <summary>Whether each of a mebibyte's 8,600 lines matches a regular expression. The baseline transcodes a line and
/// gives it to .NET's automaton.</summary>
[MemoryDiagnoser]
public class MatchingBench
{
    readonly byte[] _block = SecureLines.Mebibyte(DateTimeOffset.UnixEpoch);
    readonly char[] _line = new char[4096];
    ByteMatcher? _matcher;
    Regex? _regex;

    /// <summary>The first two match each line, the third matches none and has a literal, the fourth has none.</summary>
    [Params(
        """^\w{3} +\d+ [\d:]+ \S+ sshd\[\d+\]: Failed""", "[a-z]+ from [0-9.]+ port", "Accepted .* for",
        "(?i)accepted")]
    public string Expression { get; set; } = "";

    [GlobalSetup]
    public void Read()
    {
        if (!Config.Expressions.Expression.TryRead(Expression, null, out var read, out var fault))
        {
            throw new InvalidOperationException(fault.What);
        }

        _matcher = new(read.Pattern);
        _regex = new(Expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    [Benchmark(Baseline = true)]
    public int DotNet() => Count(line => _regex!.IsMatch(_line.AsSpan(0, Encoding.UTF8.GetChars(line, _line))));

    [Benchmark]
    public int OverBytes() => Count(_matcher!.IsMatch);

    /// <summary>What finding the lines takes alone.</summary>
    [Benchmark]
    public int LinesOnly() => Count(line => line.IsEmpty);

    int Count(Looking isMatch)
    {
        var matches = 0;
        ReadOnlySpan<byte> rest = _block;
        while (rest.IndexOf((byte)'\n') is var end && end >= 0)
        {
            matches += isMatch(rest[..end]) ? 1 : 0;
            rest = rest[(end + 1)..];
        }

        return matches;
    }

    delegate bool Looking(ReadOnlySpan<byte> line);
}
