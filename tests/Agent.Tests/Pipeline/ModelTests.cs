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
    const int Scripts = 150; // for each kind of path
    const int MostFailures = 5;

    // A log that is known: what came before the very first look is nobody's loss.
    static readonly ModelStep[] Opening = ModelStep.Parse("write 1; start; pass 6");

    [Fact]
    public Task ALogOfOnePathLosesNoLineThatWasNotDestroyed() => LookAsync(isPattern: false);

    [Fact]
    public Task LogsThatAPatternMatchesLoseNoLineThatWasNotDestroyed() => LookAsync(isPattern: true);

    async Task LookAsync(bool isPattern)
    {
        var seconds = Number("VIGIL_MODEL_SECONDS");
        var first = Number("VIGIL_MODEL_SEED") ?? 1;
        var watch = Stopwatch.StartNew();
        var failures = new List<string>();
        var seed = first;
        for (; failures.Count < MostFailures && IsGoingOn(); seed++)
        {
            var script = ModelStep.Scripts.Generate(new PCG(1, (ulong)seed), null, out _);
            if (await JudgeAsync(isPattern, script) is { Length: > 0 } fault)
            {
                failures.Add(await ToldAsync(isPattern, seed, script, fault));
            }
        }

        output.WriteLine($"{seed - first} scripts in {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));

        bool IsGoingOn() => seconds is { } most ? watch.Elapsed.TotalSeconds < most : seed < first + Scripts;
    }

    static async Task<string> ToldAsync(bool isPattern, int seed, ModelStep[] script, string first)
    {
        var few = await ShortenAsync(isPattern, [.. script]);
        var again = await JudgeAsync(isPattern, few);
        var fault = again.Length > 0 ? again : $"(it did not come again)\n{first}";
        return $"VIGIL_MODEL_SEED={seed}: {ModelStep.Write(few)}\n{fault}\nfrom: {ModelStep.Write(script)}";
    }

    // Leaves out what may be left out, from the end: one step at a time is good enough for so few.
    static async Task<List<ModelStep>> ShortenAsync(bool isPattern, List<ModelStep> script)
    {
        for (var before = int.MaxValue; script.Count < before;)
        {
            before = script.Count;
            for (var i = script.Count - 1; i >= 0; i--)
            {
                List<ModelStep> shorter = [.. script[..i], .. script[(i + 1)..]];
                if (await JudgeAsync(isPattern, shorter) is { Length: > 0 })
                {
                    script = shorter;
                }
            }
        }

        return script;
    }

    static Task<string> JudgeAsync(bool isPattern, IEnumerable<ModelStep> script) =>
        ModelRun.JudgeAsync(isPattern, Opening.Concat(script));

    static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
