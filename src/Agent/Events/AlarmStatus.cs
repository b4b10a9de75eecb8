namespace Agent.Events;

/// <summary>How an alarm of this host stands.</summary>
/// <param name="Pattern">Null where no lines are watched.</param>
/// <param name="Trigger">Null where the agent does not run that knows.</param>
/// <param name="State">OK, ALARM or INSUFFICIENT_DATA.</param>
/// <param name="Since">Since when; the default where it was never evaluated.</param>
/// <param name="Transitions">How it came to be so, oldest first, as far as it is kept.</param>
sealed record AlarmStatus(
    string Name, string? Description, string Source, string? Pattern, AlarmTrigger? Trigger, string State,
    string Reason, DateTimeOffset Since, IReadOnlyList<AlarmTransition> Transitions);

/// <summary>A change of an alarm's state.</summary>
/// <param name="LateFor">When the lines were written that caused it, where they were read long after; null else.
/// </param>
sealed record AlarmTransition(
    DateTimeOffset At, string From, string To, string Reason, DateTimeOffset? LateFor);
