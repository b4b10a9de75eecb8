using Xunit;

namespace Agent.Tests.Tidy;

/// <summary>What a tidy test found. All of it is listed: a rule broken in ten places is mended in one go.</summary>
static class Findings
{
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{all.Count} found:\n{string.Join('\n', all)}");
    }
}
