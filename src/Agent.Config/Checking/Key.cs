using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>All there is to say about one key of a section.</summary>
/// <param name="Means">What it is, so that "set ..." makes a remedy of it.</param>
/// <param name="Needed">For a key that must be there: what is wrong without it.</param>
/// <param name="NotServed">For a key that is legal for the CloudWatch agent and does nothing here yet: what happens
/// instead.</param>
/// <param name="Further">What a type and a range do not say; asked only about a value that has both right.</param>
sealed record Key(
    string Name,
    Shape Shape,
    string Means,
    string? Needed = null,
    string? NotServed = null,
    Action<Value, FaultList>? Further = null)
{
    /// <summary>What some of its values mean.</summary>
    public IReadOnlyList<(string Value, string Means)> Values { get; init; } = [];

    public string Remedy => $"set {Means}";
}
