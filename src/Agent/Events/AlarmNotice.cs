namespace Agent.Events;

/// <summary>That an alarm on this host changed its state: all that a notification says.</summary>
/// <param name="Id">Tells it from all others, also after a restart: whoever gets it twice may drop one.</param>
/// <param name="Alarm">The detection's name.</param>
/// <param name="Source">The files it watches, as configured, or the metric of the host.</param>
/// <param name="Pattern">Null where no lines are watched.</param>
/// <param name="OldState">OK, ALARM or INSUFFICIENT_DATA, as is <paramref name="NewState"/>.</param>
/// <param name="Reason">In the service's words.</param>
/// <param name="ReasonData">The same as JSON; null where there is none.</param>
/// <param name="ChangedAt">When it was found.</param>
/// <param name="LateFor">When the lines were written, where that is long before they were read; null else.</param>
/// <param name="Lines">The lines that caused it, oldest first; none where they are not to leave the host.</param>
/// <param name="Channels">Who is still to be told.</param>
sealed record AlarmNotice(
    string Id,
    string Alarm,
    string? Description,
    string Source,
    string? Pattern,
    string OldState,
    string NewState,
    string Reason,
    string? ReasonData,
    DateTimeOffset ChangedAt,
    DateTimeOffset? LateFor,
    AlarmTrigger Trigger,
    IReadOnlyList<SeenLine> Lines,
    IReadOnlyList<string> Channels);

/// <summary>What the alarm is set off by, in the service's terms.</summary>
/// <param name="DatapointsToAlarm">Null for all of the periods.</param>
sealed record AlarmTrigger(
    string Statistic, int PeriodSeconds, int EvaluationPeriods, int? DatapointsToAlarm, string ComparisonOperator,
    double Threshold, string TreatMissingData)
{
    /// <summary>As what the metric is published; null where it is not.</summary>
    public MetricIdentity? Metric { get; init; }
}

/// <summary>A line that a detection matched.</summary>
/// <param name="At">When it was written, by what it says itself; else when it was read.</param>
/// <param name="Text">As much of it as is kept.</param>
sealed record SeenLine(DateTimeOffset At, string Text);
