using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace CloudWatch.Patterns;

/// <summary>Which conditions of a pattern hold, a bit for each. A pattern of 1,024 characters has room for fewer than
/// 256.</summary>
struct Held
{
    public const int Most = 256;

    Vector256<ulong> _bits;

    public readonly bool this[int condition] =>
        (_bits.GetElement(condition >> 6) & (1UL << (condition & 63))) != 0;

    public void Set(int condition) =>
        _bits = _bits.WithElement(condition >> 6, _bits.GetElement(condition >> 6) | (1UL << (condition & 63)));

    public readonly Held And(Held other) => new() { _bits = _bits & other._bits };

    public readonly Held Or(Held other) => new() { _bits = _bits | other._bits };

    public readonly Held Without(Held other) => new() { _bits = Vector256.AndNot(_bits, other._bits) };
}

/// <summary>A clause whose conditions are numbered: says whether it holds by which of them do.</summary>
abstract class Verdict
{
    public abstract bool Of(in Held held);

    /// <param name="number">Gives a condition its number, and says whether it holds where its bit is not set.</param>
    public static Verdict Compile(Clause clause, Func<Clause, (int Number, bool IsNegated)> number) => clause switch
    {
        AllOf all => new All([.. all.Clauses.Select(one => Compile(one, number))]),
        AnyOf any => new Any([.. any.Clauses.Select(one => Compile(one, number))]),
        _ => One(number(clause))
    };

    static Single One((int Number, bool IsNegated) condition)
    {
        Debug.Assert(condition.Number < Held.Most, "a pattern has more conditions than its length allows");
        return new(condition.Number, condition.IsNegated);
    }

    public sealed class All(Verdict[] verdicts) : Verdict
    {
        public override bool Of(in Held held)
        {
            foreach (var verdict in verdicts)
            {
                if (!verdict.Of(held))
                    return false;
            }

            return true;
        }
    }

    sealed class Any(Verdict[] verdicts) : Verdict
    {
        public override bool Of(in Held held)
        {
            foreach (var verdict in verdicts)
            {
                if (verdict.Of(held))
                    return true;
            }

            return false;
        }
    }

    sealed class Single(int condition, bool isNegated) : Verdict
    {
        public override bool Of(in Held held) => held[condition] != isNegated;
    }
}
