using System.Collections.Frozen;
using System.Text;
using CloudWatch.Matching;

namespace Agent.Config.Expressions;

/// <summary>Which letters (?i) takes for each other: those of one Unicode simple case folding, in every culture alike.
/// .NET's own IgnoreCase has a smaller table (its s is no long s, its final sigma no sigma), so the letters are written
/// out.</summary>
static class LetterCase
{
    /// <summary>No letter with a case lies beyond.</summary>
    const int LastCased = 0x1FFFF;

    const int LongS = 0x17F;

    static readonly Lazy<FrozenDictionary<int, RuneSet>> Folds = new(FindAll);

    /// <summary>The letter in all its cases.</summary>
    public static RuneSet Of(int rune) =>
        rune < 0x80 ? OfAscii(rune)
        : Folds.Value.TryGetValue(rune, out var fold) ? fold
        : RuneSet.Of(rune);

    /// <summary>The set with all cases of all its letters.</summary>
    public static RuneSet Of(RuneSet set) =>
        RuneSet.Of(set.Ranges.Concat(
            Folds.Value.Where(cased => set.Has(cased.Key)).SelectMany(cased => cased.Value.Ranges)));

    static RuneSet OfAscii(int rune) =>
        !char.IsAsciiLetter((char)rune) ? RuneSet.Of(rune)
        : (rune | 0x20) switch
        {
            'k' => RuneSet.Of([('K', 'K'), ('k', 'k'), (0x212A, 0x212A)]),
            's' => RuneSet.Of([('S', 'S'), ('s', 's'), (LongS, LongS)]),
            var small => RuneSet.Of([(small & ~0x20, small & ~0x20), (small, small)])
        };

    static FrozenDictionary<int, RuneSet> FindAll()
    {
        var runes = Enumerable.Range(0, LastCased + 1).Where(Rune.IsValid);
        return runes.GroupBy(Folded)
            .Select(fold => fold.ToList())
            .Where(fold => fold.Count > 1)
            .SelectMany(fold => WithSet(fold))
            .ToFrozenDictionary(cased => cased.Rune, cased => cased.Set);
    }

    static IEnumerable<(int Rune, RuneSet Set)> WithSet(List<int> fold)
    {
        var set = RuneSet.Of(fold.Select(rune => (rune, rune)));
        return fold.Select(rune => (rune, set));
    }

    // .NET leaves the long s alone, for the sake of those who compare file names.
    static int Folded(int rune) =>
        rune == LongS ? 's' : Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(rune))).Value;
}
