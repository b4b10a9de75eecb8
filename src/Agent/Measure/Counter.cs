namespace Agent.Measure;

/// <summary>What a counter reads.</summary>
/// <param name="Name">Tells it from others that the same metric could be counted by.</param>
/// <param name="Life">Differs when it was made anew, and began at nought.</param>
/// <param name="Bits">How wide it may be.</param>
readonly record struct Counter(string Name, ulong Value, string Life, int Bits);
