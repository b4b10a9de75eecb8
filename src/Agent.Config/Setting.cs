namespace Agent.Config;

/// <summary>One value of a configuration, as it is once all files are read.</summary>
/// <param name="Path">The key, such as <c>logs.force_flush_interval</c>.</param>
/// <param name="Value">As JSON.</param>
/// <param name="Place">Where it was written.</param>
public sealed record Setting(string Path, string Value, Place Place);
