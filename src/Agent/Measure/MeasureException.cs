namespace Agent.Measure;

/// <summary>Something cannot be measured now. The message is for people, and says what helps.</summary>
sealed class MeasureException(string message, Exception? inner = null) : Exception(message, inner);
