namespace Agent.Commands;

/// <summary>What was typed cannot be carried out; the message says what to type instead.</summary>
sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
