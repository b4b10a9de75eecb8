namespace Agent.Config.Wizard;

/// <summary>What the wizard is to know of the host, and what it is to do there.</summary>
public sealed record WizardSettings
{
    /// <summary>Whether the default answer is that this host is an EC2 instance; asked when that question comes.
    /// </summary>
    public required Func<Task<bool>> IsOnEc2Async { get; init; }

    /// <summary>The region that is offered for the parameter store.</summary>
    public required Func<Task<string>> RegionAsync { get; init; }

    /// <summary>Whether the wizard of 2026 is meant, which asks for the journal too; the one that tutorials show does
    /// not.</summary>
    public required bool AsksForJournald { get; init; }

    /// <summary>What is worth saying of a log file that was named.</summary>
    /// <remarks>The path, and the user that is to read it; null where the agent's system is another.</remarks>
    public required Func<string, string?, IEnumerable<string>> LookAt { get; init; }

    /// <summary>The text of a file to import.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public Func<string, string> ReadFile { get; init; } = File.ReadAllText;
}

/// <summary>Where in the parameter store a configuration is to be kept.</summary>
/// <param name="Name">Of the parameter.</param>
public sealed record WizardStore(string Name, string Region);
