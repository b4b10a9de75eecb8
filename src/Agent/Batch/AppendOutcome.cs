namespace Agent.Batch;

/// <summary>Whether a log event found room in a batch.</summary>
enum AppendOutcome
{
    Appended,

    /// <summary>A limit of the service is reached: close this batch, the event belongs into the next.</summary>
    Full,

    /// <summary>The memory budget is used up: close this batch if it has events, and wait.</summary>
    NoMemory
}
