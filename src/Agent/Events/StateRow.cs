namespace Agent.Events;

/// <summary>A piece of what a room remembers from one run to the next, by its key.</summary>
/// <param name="Value">Null forgets it.</param>
readonly record struct StateRow(string Key, byte[]? Value);
