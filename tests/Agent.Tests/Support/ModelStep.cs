using System.Globalization;
using CsCheck;

namespace Agent.Tests.Support;

/// <summary>One thing that happens to a log or to its agent: a word, and how much of it.</summary>
readonly record struct ModelStep(string Word, int Amount)
{
    /// <summary>Up to so many things happen in one script.</summary>
    const int MostSteps = 30;

    static readonly int[] Pauses = [1, 6, 60, 700];

    // "copy" and "truncate" are two steps, so that anything may happen between them.
    static readonly Gen<ModelStep> Any = Gen.Frequency(
        (10, Of("write", Gen.Int[1, 4])),
        (3, Of("partial")),
        (2, Of("finish")),
        (3, Of("late", Gen.Int[1, 2])),
        (4, Of("rotate")),
        (2, Of("date")),
        (2, Of("rename")),
        (1, Of("replace")),
        (1, Of("delete")),
        (4, Of("truncate")),
        (4, Of("copy")),
        (3, Of("compress", Gen.Int[0, 2])),
        (1, Of("remove")),
        (10, Of("read")),
        (2, Of("stop")),
        (3, Of("kill")),
        (6, Of("start")),
        (2, Of("refuse")),
        (2, Of("deny")),
        (2, Of("accept")),
        (5, Of("pass", Gen.Int[0, Pauses.Length - 1].Select(one => Pauses[one]))));

    public static Gen<ModelStep[]> Scripts { get; } = Any.Array[1, MostSteps];

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ModelStep[] Parse(string script) =>
    [
        .. from step in script.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
           let words = step.Split(' ')
           select new ModelStep(words[0], words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0)
    ];

    public static string Write(IEnumerable<ModelStep> script) => string.Join("; ", script);

    public override string ToString() => Word is "write" or "late" or "compress" or "pass" ? $"{Word} {Amount}" : Word;

    static Gen<ModelStep> Of(string word) => Gen.Const(new ModelStep(word, 0));

    static Gen<ModelStep> Of(string word, Gen<int> amounts) => amounts.Select(amount => new ModelStep(word, amount));
}
