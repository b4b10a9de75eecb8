namespace Agent.Tests.Tidy;

/// <summary>A type by its outermost type: what is nested, or made by the compiler inside it, counts as its own.
/// </summary>
readonly record struct TypeName(string Assembly, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}
