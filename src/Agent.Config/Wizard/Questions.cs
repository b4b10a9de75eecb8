using CloudWatch;

namespace Agent.Config.Wizard;

/// <summary>The questions in the words of the CloudWatch agent's wizard as far as tutorials show them, with its numbers
/// and defaults. Source: the CloudWatch agent's user guide and code.</summary>
static class Questions
{
    public const int Windows = 2;
    public const int OnEc2 = 1;

    public const string Banner =
        """
        ================================================================
        = Welcome to the Amazon CloudWatch Agent Configuration Manager =
        =                                                              =
        = CloudWatch Agent allows you to collect metrics and logs from =
        = your host and send them to CloudWatch. Additional CloudWatch =
        = charges may apply.                                           =
        ================================================================
        """;

    public const string StatsD = "Do you want to turn on StatsD daemon?";

    public const string CollectD = "Do you want to monitor metrics from CollectD? "
        + "WARNING: CollectD must be installed or the Agent will fail to start";

    public const string HostMetrics = "Do you want to monitor any host metrics?";

    public const string Import =
        "Do you have any existing CloudWatch Log Agent configuration file to import for migration?";

    public const string LogFiles = "Do you want to monitor any log files?";
    public const string MoreLogFiles = "Do you want to specify any additional log files to monitor?";
    public const string Journald = "Do you want to monitor journald logs?";
    public const string Traces = "Do you want the CloudWatch agent to also retrieve X-ray traces?";
    public const string StoreName = "AmazonCloudWatch-linux";
    public const string Store = "Do you want to store the config in the SSM parameter store?";

    public const string Apply =
        "Do you want to put this configuration in force now, and see that the first log event arrives?";

    public static Choice System(int usual) =>
        new("On which OS are you planning to use the agent?", usual, ["linux", "windows", "darwin"]);

    public static Choice Place(bool isEc2) =>
        new("Are you using EC2 or On-Premises hosts?", isEc2 ? OnEc2 : 2, ["EC2", "On-Premises"]);

    public static Choice User { get; } =
        new("Which user are you planning to run the agent?", 1, ["cwagent", "root", "others"]);

    public static Choice LogGroupClass { get; } = new("Log group class:", 1, ["STANDARD", "INFREQUENT_ACCESS"]);

    /// <summary>In days; the first leaves the group as it is.</summary>
    public static IReadOnlyList<int> RetentionDays { get; } = [-1, .. Limits.RetentionDays];

    public static Choice Retention { get; } =
        new("Log Group Retention in days", 1, [.. RetentionDays.Select(days => $"{days}")]);

    public static Choice StatsDInterval { get; } =
        new("What is the collect interval for StatsD daemon?", 1, ["10s", "30s", "60s"]);

    public static Choice StatsDAggregation { get; } = new(
        "What is the aggregation interval for metrics collected by StatsD daemon?", 4,
        ["Do not aggregate", "10s", "30s", "60s"]);

    public static Choice Resolution { get; } = new(
        "Would you like to collect your metrics at high resolution (sub-minute resolution)? This enables sub-minute "
        + "resolution for all metrics, but you can customize for specific metrics in the output json file.", 4,
        ["1s", "10s", "30s", "60s"]);

    public static Choice MetricsPlan { get; } = new(
        "Which default metrics config do you want?", 1, ["Basic", "Standard", "Advanced", "None"]);

    public static Choice Priority { get; } = new(
        "Which is the least priority of the entries?", 7,
        ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]);

    public static Choice FilterType { get; } = new("What do entries that match do?", 1, ["include", "exclude"]);
}
