namespace Agent.Bench;

/// <summary>How the service that keeps nothing behaves.</summary>
/// <param name="Latency">Each answer is withheld for so long.</param>
/// <param name="Denied">Requests whose first bytes hold this word, as the name of a group does, are denied.</param>
/// <param name="AuthorityPath">Where to write the certificate authority of its certificate, in PEM form; null for plain
/// HTTP.</param>
sealed record SinkOptions(TimeSpan Latency, string? Denied, string? AuthorityPath);
