using System.Diagnostics;
using System.Globalization;
using Agent.Tests.Support;
using CsCheck;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Any order of things that may happen to a log and its agent, against a model that knows which loss could not
/// be helped. VIGIL_MODEL_SECONDS lets it look for longer, VIGIL_MODEL_SEED where to begin; a failure says with which
/// seed and by which few steps it comes again.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    const int Scripts = 75; // for each kind of path
    const int MostFailures = 5;

    // A log that is known: what came before the very first look is nobody's loss.
    static readonly ModelStep[] Opening = ModelStep.Parse("write 1; start; pass 6");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task ALogOfOnePathLosesNoLineThatWasNotDestroyed(bool isHolding) =>
        LookAsync(script => ModelRun.JudgeAsync(isPattern: false, isHolding, Opening.Concat(script)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task LogsThatAPatternMatchesLoseNoLineThatWasNotDestroyed(bool isHolding) =>
        LookAsync(script => ModelRun.JudgeAsync(isPattern: true, isHolding, Opening.Concat(script)));

    async Task LookAsync(Func<IEnumerable<ModelStep>, Task<string>> judge)
    {
        var seconds = Number("VIGIL_MODEL_SECONDS");
        var first = Number("VIGIL_MODEL_SEED") ?? 1;
        var watch = Stopwatch.StartNew();
        var failures = new List<string>();
        var seed = first;
        for (; failures.Count < MostFailures && IsGoingOn(); seed++)
        {
            var script = ModelStep.Scripts.Generate(new PCG(1, (ulong)seed), null, out _);
            if (await judge(script) is { Length: > 0 } fault)
            {
                failures.Add(await ToldAsync(judge, seed, script, fault));
            }
        }

        output.WriteLine($"{seed - first} scripts in {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));

        bool IsGoingOn() => seconds is { } most ? watch.Elapsed.TotalSeconds < most : seed < first + Scripts;
    }

    static async Task<string> ToldAsync(
        Func<IEnumerable<ModelStep>, Task<string>> judge, int seed, ModelStep[] script, string first)
    {
        var few = await ShortenAsync(judge, [.. script]);
        var again = await judge(few);
        var fault = again.Length > 0 ? again : $"(it did not come again)\n{first}";
        return $"VIGIL_MODEL_SEED={seed}: {ModelStep.Write(few)}\n{fault}\nfrom: {ModelStep.Write(script)}";
    }

    // Leaves out what may be left out, from the end: one step at a time is good enough for so few.
    static async Task<List<ModelStep>> ShortenAsync(
        Func<IEnumerable<ModelStep>, Task<string>> judge, List<ModelStep> script)
    {
        for (var before = int.MaxValue; script.Count < before;)
        {
            before = script.Count;
            for (var i = script.Count - 1; i >= 0; i--)
            {
                List<ModelStep> shorter = [.. script[..i], .. script[(i + 1)..]];
                if (await judge(shorter) is { Length: > 0 })
                {
                    script = shorter;
                }
            }
        }

        return script;
    }

    static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
