using LocalCloud.Faults;

namespace LocalCloud;

/// <summary>Where the embedded server keeps its data and whom it answers.</summary>
public sealed record LocalCloudOptions
{
    /// <summary>Holds the database; made when absent. One server at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>On 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; } = 4586;

    /// <summary>Stands in ARNs; requests signed for another region are taken all the same.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Stands in ARNs.</summary>
    public string AccountId { get; init; } = "000000000000";

    /// <summary>With <see cref="SecretKey"/>, the only key pair whose signatures are taken; without, signatures are not
    /// looked at.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    /// <summary>How it is to fail, for tests and demonstrations; null lets it work. Where it is not null, how it fails
    /// can be changed while it runs.</summary>
    public FaultPlan? Faults { get; init; }
}
