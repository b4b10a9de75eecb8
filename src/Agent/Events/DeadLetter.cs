using System.Text.Json.Serialization;

namespace Agent.Events;

/// <summary>Log events that the service would not take, kept for a person to decide on.</summary>
/// <param name="Id">The key of the record; 0 until it has one.</param>
/// <param name="StoredBytes">What they take on disk; 0 once they were given up and only the record is left.</param>
/// <param name="Body">The events as JSON, comma-separated, compressed; null where only the record is at hand.</param>
sealed record DeadLetter(long Id, int Events, long StoredBytes, [property: JsonIgnore] byte[]? Body);
