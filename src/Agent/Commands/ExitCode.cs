namespace Agent.Commands;

/// <summary>What a command leaves behind for scripts.</summary>
static class ExitCode
{
    public const int Done = 0;

    /// <summary>Anything that is not the caller's doing.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong: trying again will not help.</summary>
    public const int BadUsage = 2;

    /// <summary>vigil status: no agent runs on the state folder.</summary>
    public const int NotRunning = 3;

    /// <summary>vigil status: the agent runs, and something keeps lines from being delivered.</summary>
    public const int Degraded = 4;
}
