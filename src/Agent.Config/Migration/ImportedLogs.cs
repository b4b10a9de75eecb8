using System.Text.Json.Nodes;

namespace Agent.Config.Migration;

/// <summary>What another agent's configuration comes to.</summary>
/// <param name="Entries">Of a collect_list.</param>
/// <param name="FlushSeconds">The force_flush_interval; null where none is said.</param>
/// <param name="Notes">What was not taken over, and why.</param>
sealed record ImportedLogs(IReadOnlyList<JsonObject> Entries, int? FlushSeconds, IReadOnlyList<string> Notes);
