using Agent.Config.Model;

namespace Agent.Config;

/// <summary>What became of a configuration file.</summary>
/// <param name="Configuration">Null exactly when one of the faults is an error.</param>
/// <param name="Faults">All of them at once, in the order of the document.</param>
public sealed record ReadResult(Configuration? Configuration, IReadOnlyList<Fault> Faults);
