using LocalCloud.Api;

namespace LocalCloud.Faults;

/// <summary>What becomes of one request.</summary>
/// <param name="Refusal">It is refused, and nothing is done.</param>
/// <param name="IsCut">The connection is cut, and nothing is done.</param>
/// <param name="LosesAnswer">It is done, and the connection is cut.</param>
/// <param name="Drip">Between two bytes of the answer.</param>
sealed record Fate(
    TimeSpan Latency, RefusedException? Refusal = null, bool IsCut = false, bool LosesAnswer = false,
    TimeSpan Drip = default)
{
    public static readonly Fate Good = new(TimeSpan.Zero);
}
