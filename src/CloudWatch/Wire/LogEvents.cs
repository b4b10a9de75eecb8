namespace CloudWatch.Wire;

// Requests and answers of the log event actions, with the service's own member names (API reference of each action).
// The request of PutLogEvents as a whole has no record: the agent writes its bytes, and the local server reads them,
// without one.

public sealed record PutLogEventsResponse
{
    /// <summary>A string of digits that nothing needs any more.</summary>
    public string? NextSequenceToken { get; init; }

    public RejectedLogEventsInfo? RejectedLogEventsInfo { get; init; }
    public RejectedEntityInfo? RejectedEntityInfo { get; init; }
}

/// <summary>What the log events of a batch are of. Source: API reference, Entity.</summary>
public sealed record Entity(
    IReadOnlyDictionary<string, string> KeyAttributes, IReadOnlyDictionary<string, string> Attributes);

/// <summary>Why the entity of a batch was not taken, though its events were.</summary>
public sealed record RejectedEntityInfo(string? ErrorType);

/// <summary>Which events of an accepted batch were not stored, as indexes into the batch.</summary>
public sealed record RejectedLogEventsInfo
{
    /// <summary>The first event that is too new; all after it are, too.</summary>
    public int? TooNewLogEventStartIndex { get; init; }

    /// <summary>The first event that is not too old; all before it are.</summary>
    public int? TooOldLogEventEndIndex { get; init; }

    /// <summary>The first event within the group's retention; all before it are not.</summary>
    public int? ExpiredLogEventEndIndex { get; init; }

    /// <summary>Which events of a batch were stored: those from one index up to another, whatever nonsense an answer
    /// says.</summary>
    public (int First, int End) StoredOf(int events)
    {
        var first = Math.Clamp(Math.Max(TooOldLogEventEndIndex ?? 0, ExpiredLogEventEndIndex ?? 0), 0, events);
        return (first, Math.Clamp(TooNewLogEventStartIndex ?? events, first, events));
    }
}

/// <summary>A log event as PutLogEvents takes it, and as it is written in the body of a batch.</summary>
/// <param name="Timestamp">Milliseconds since 1970 in UTC.</param>
public sealed record InputLogEvent(long Timestamp, string Message);

public sealed record GetLogEventsRequest
{
    public string? LogGroupName { get; init; }
    public string? LogGroupIdentifier { get; init; }
    public string? LogStreamName { get; init; }

    /// <summary>Milliseconds since 1970 in UTC, inclusive.</summary>
    public long? StartTime { get; init; }

    /// <summary>Milliseconds since 1970 in UTC, exclusive.</summary>
    public long? EndTime { get; init; }

    public string? NextToken { get; init; }
    public int? Limit { get; init; }
    public bool? StartFromHead { get; init; }
}

public sealed record GetLogEventsResponse
{
    public IReadOnlyList<OutputLogEvent> Events { get; init; } = [];
    public string? NextForwardToken { get; init; }
    public string? NextBackwardToken { get; init; }
}

/// <summary>A stored log event. Times are milliseconds since 1970 in UTC.</summary>
public sealed record OutputLogEvent
{
    public long? Timestamp { get; init; }
    public string? Message { get; init; }
    public long? IngestionTime { get; init; }
}

public sealed record FilterLogEventsRequest
{
    public string? LogGroupName { get; init; }
    public string? LogGroupIdentifier { get; init; }
    public IReadOnlyList<string>? LogStreamNames { get; init; }
    public string? LogStreamNamePrefix { get; init; }

    /// <summary>Milliseconds since 1970 in UTC, inclusive.</summary>
    public long? StartTime { get; init; }

    /// <summary>Milliseconds since 1970 in UTC, inclusive, unlike GetLogEvents.</summary>
    public long? EndTime { get; init; }

    public string? FilterPattern { get; init; }
    public string? NextToken { get; init; }
    public int? Limit { get; init; }

    /// <summary>Taken and ignored: always on since 2019 (API: FilterLogEvents).</summary>
    public bool? Interleaved { get; init; }

    public bool? StartFromHead { get; init; }
}

public sealed record FilterLogEventsResponse
{
    public IReadOnlyList<FilteredLogEvent> Events { get; init; } = [];

    /// <summary>Always empty now (API: FilterLogEvents).</summary>
    public IReadOnlyList<SearchedLogStream> SearchedLogStreams { get; init; } = [];

    /// <summary>Absent once there is nothing more.</summary>
    public string? NextToken { get; init; }
}

/// <summary>A log event that FilterLogEvents found. Times are milliseconds since 1970 in UTC.</summary>
public sealed record FilteredLogEvent
{
    public string? LogStreamName { get; init; }
    public long? Timestamp { get; init; }
    public string? Message { get; init; }
    public long? IngestionTime { get; init; }

    /// <summary>56 digits, unique and stable.</summary>
    public string? EventId { get; init; }
}

public sealed record SearchedLogStream
{
    public string? LogStreamName { get; init; }
    public bool? SearchedCompletely { get; init; }
}
