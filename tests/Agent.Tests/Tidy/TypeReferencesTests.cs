using Xunit;

namespace Agent.Tests.Tidy;

/// <summary>The collector sees every way a type can slip into another. Each of the types below slips one in.</summary>
public sealed class TypeReferencesTests
{
    static readonly IReadOnlySet<(TypeName User, TypeName Used)> Uses =
        TypeReferences.In(typeof(TypeReferencesTests).Assembly.Location);

    [Theory]
    [InlineData(typeof(SlipInALocal))]
    [InlineData(typeof(SlipInAGenericArgument))]
    [InlineData(typeof(SlipInAGenericMethod))]
    [InlineData(typeof(SlipByItsFullName))]
    [InlineData(typeof(SlipInATypeof))]
    [InlineData(typeof(SlipInAnAttribute))]
    [InlineData(typeof(SlipInAConstraint))]
    [InlineData(typeof(SlipInALambda))]
    [InlineData(typeof(SlipInAnIterator))]
    [InlineData(typeof(SlipInASwitch))]
    [InlineData(typeof(SlipInAnArrayField))]
    public void NoUseSlipsIn(Type user) => Assert.Contains((Named(user), Named(typeof(Slipped))), Uses);

    [Fact]
    public void ACatchClauseIsAUse() =>
        Assert.Contains((Named(typeof(SlipInACatch)), Named(typeof(SlippedException))), Uses);

    [Fact]
    public void WhatIsNotUsedIsNotSeen() =>
        Assert.DoesNotContain((Named(typeof(NoSlip)), Named(typeof(Slipped))), Uses);

    static TypeName Named(Type type) => new("Agent.Tests", type.Namespace!, type.Name);
}

readonly struct Slipped
{
    public static Slipped[] Many => [];
}

sealed class SlippedException : Exception;

[AttributeUsage(AttributeTargets.All)]
sealed class NamingAttribute(Type type) : Attribute
{
    public Type Type => type;
}

static class NoSlip
{
    public static int One() => 1;
}

static class SlipInALocal
{
    public static bool Find()
    {
        var local = Slipped.Many;
        return local.Length > 0;
    }
}

static class SlipInAGenericArgument
{
    public static int Count() => new List<Dictionary<int, Slipped>>().Count;
}

static class SlipInAGenericMethod
{
    public static object Empty() => Array.Empty<Slipped>();
}

static class SlipByItsFullName
{
    public static object Make() => new global::Agent.Tests.Tidy.Slipped();
}

static class SlipInATypeof
{
    public static string Name() => typeof(Slipped).Name;
}

[Naming(typeof(Slipped))]
static class SlipInAnAttribute;

static class SlipInAConstraint
{
    public static void Take<T>(T value) where T : IEquatable<Slipped> => value.ToString();
}

static class SlipInALambda
{
    public static Func<object> Maker() => () => default(Slipped);
}

static class SlipInAnIterator
{
    public static IEnumerable<object> Each()
    {
        yield return default(Slipped);
    }
}

static class SlipInASwitch
{
    public static int Which(object value, int number) => number switch
    {
        0 => 5,
        1 => 7,
        2 => 11,
        3 => 13,
        4 => 17,
        _ => value is Slipped ? 1 : 0
    };
}

sealed class SlipInAnArrayField
{
    public IReadOnlyList<Slipped[,]>? Field { get; set; }
}

static class SlipInACatch
{
    public static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (SlippedException)
        {
            return false;
        }
    }
}
