namespace CloudWatch.Alarms;

public enum AlarmValue
{
    InsufficientData,
    Ok,
    Alarm
}

/// <summary>Where an alarm stands.</summary>
/// <param name="Reason">In a sentence, as the service words it.</param>
/// <param name="ReasonData">The same for programs, as JSON; null at first.</param>
public sealed record AlarmState(AlarmValue Value, string Reason, string? ReasonData)
{
    /// <summary>Of an alarm that nobody has evaluated. Source: user guide, observed.</summary>
    public static AlarmState Initial { get; } =
        new(AlarmValue.InsufficientData, "Unchecked: Initial alarm creation", null);

    /// <summary>As the service writes it.</summary>
    public static string Name(AlarmValue value) => value switch
    {
        AlarmValue.Ok => "OK",
        AlarmValue.Alarm => "ALARM",
        _ => "INSUFFICIENT_DATA"
    };
}
