namespace Agent.Config.Expressions;

/// <summary>What (?i), (?s), (?m) and (?U) switch.</summary>
readonly record struct Flags(bool IsCaseless, bool DotIsAll, bool IsByLine)
{
    /// <summary>With one flag switched; null for a letter that is no flag.</summary>
    public Flags? With(int letter, bool isOn) => letter switch
    {
        'i' => this with { IsCaseless = isOn },
        's' => this with { DotIsAll = isOn },
        'm' => this with { IsByLine = isOn },
        'U' => this, // as few as will do, as a ? behind a repetition
        _ => null
    };
}
