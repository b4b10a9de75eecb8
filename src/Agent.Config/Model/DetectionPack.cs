namespace Agent.Config.Model;

/// <summary>Detections that come with Vigil, for what every host's security log says. They are off until a
/// configuration asks for them.</summary>
/// <remarks>An attacker chooses the user name that a failed login is logged with, and may write in it what another
/// program would log. So each pattern begins at the line's beginning, and names the program where syslog puts
/// it.</remarks>
public sealed record DetectionPack(string Name, string Means, params IReadOnlyList<PackedDetection> Detections)
{
    public static IReadOnlyList<DetectionPack> All { get; } =
    [
        new("failed-logins", "wrong passwords for su, sudo and ssh, three within five minutes",
        [
            new("failed-su", "Somebody guesses passwords with su.", threshold: 2,
                By("su[^ ]*", @"pam_[a-z]+\x28su[-l]*:auth\x29: authentication failure;")),
            new("failed-sudo", "Somebody guesses passwords with sudo.", threshold: 2,
                By("sudo[^ ]*", @"pam_[a-z]+\x28sudo[-i]*:auth\x29: authentication failure;")),
            new("refused-sudo", "sudo refused somebody for good.", threshold: 0,
                "?" + By("sudo[^ ]*", @" *[^ ]+ : [3-9] incorrect password attempts ")
                + " ?" + By("sudo[^ ]*", @" *[^ ]+ : user NOT in sudoers ")),
            new("failed-ssh", "Somebody guesses passwords over ssh.", threshold: 2,
                "?" + By(@"sshd[a-z-]*\[\d+\]", "Failed [kp][a-z/-]*[dm] for ")
                + " ?" + By(@"sshd[a-z-]*\[\d+\]", @"message repeated \d+ times: \[ Failed password for "))
        ]),
        new("new-users", "users and groups that are made",
        [
            new("new-user", "A user was made.", threshold: 0, By(@"useradd\[\d+\]", "new user: ")),
            new("new-group", "A group was made.", threshold: 0, By(@"groupadd\[\d+\]", "new group: ")),
            new("new-member", "A user was added to a group.", threshold: 0,
                By(@"usermod\[\d+\]", "add [^ ]+ to group "))
        ]),
        new("root-logins", "logins as root",
        [
            new("root-ssh", "root logged in over ssh.", threshold: 0,
                By(@"sshd[a-z-]*\[\d+\]", "Accepted [a-z/-]+ for root from ")),
            new("root-su", "A shell of root was opened with su.", threshold: 0,
                By("su[^ ]*", @"pam_unix\x28su[-l]*:session\x29: session opened for user root"))
        ]),
        new("time-changes", "changes of the clock",
        [
            new("time-changed", "The clock was set.", threshold: 0,
                By(@"systemd-timedated\[\d+\]", "Changed local time to ")),
            new("time-stepped", "The clock was stepped.", threshold: 0,
                By(@"chronyd\[\d+\]", "System clock was stepped by "))
        ]),
        new("agent-health", "Vigil itself: lines that wait, are refused or lost, and the disk of its state",
        [
            new("agent-lag", "For five minutes lines have waited for over five minutes to be delivered.",
                AlarmSettings.Of("Minimum", "GreaterThanThreshold", 300, "ignore"), Measured: HostMetric.Lag),
            new("agent-dead-letters", "The service refused log events for good: 'vigil deadletters list'.",
                AlarmSettings.Of("Maximum", "GreaterThanThreshold", 0, "ignore"), Measured: HostMetric.DeadLetters),
            new("agent-lost", "Bytes of log files will never be delivered: 'vigil gaps'.",
                AlarmSettings.Of("Sum", "GreaterThanThreshold", 0, "ignore"), Measured: HostMetric.Lost),
            new("agent-disk", "The disk of the state folder is nearly full.",
                AlarmSettings.Of("Maximum", "LessThanThreshold", 5, "ignore"), Measured: HostMetric.DiskFree)
        ])
    ];

    /// <summary>Whether it is watched in lines of files.</summary>
    public bool IsOfLines => Detections.All(one => one.Pattern is not null);

    // Behind a timestamp of syslog's or ISO's and the host.
    static string By(string program, string text) =>
        $@"%^\S+ +\d+ [\d:]+ \S+ {program}: {text}|^\d[^ ]+ \S+ {program}: {text}%";
}

/// <summary>One of a pack: an alarm on lines, or on a metric of the host.</summary>
public sealed record PackedDetection(
    string Name, string Description, AlarmSettings Alarm, string? Pattern = null, string? Measured = null)
{
    /// <summary>An alarm when more lines match within five minutes than may.</summary>
    public PackedDetection(string name, string description, double threshold, string pattern)
        : this(name, description, AlarmSettings.Of("Sum", "GreaterThanThreshold", threshold), pattern)
    {
    }
}
