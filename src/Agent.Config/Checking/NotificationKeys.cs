using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>The keys of <c>vigil.notifications</c>: who is told of alarms, and how.</summary>
static class NotificationKeys
{
    static readonly Dictionary<string, string[]> NeededBy = new(StringComparer.Ordinal)
    {
        ["smtp"] = ["host", "from", "to"],
        ["webhook"] = ["url"],
        ["sns"] = ["topic_arn"],
        ["journal"] = []
    };

    static readonly Dictionary<string, string[]> AlsoOf = new(StringComparer.Ordinal)
    {
        ["smtp"] = ["port", "security", "user", "password_file"],
        ["webhook"] = ["secret_file"],
        ["sns"] = [],
        ["journal"] = []
    };

    static readonly string[] Shared = ["name", "type"];

    public static Section Section { get; } = new(UnknownKeys.Refused,
    [
        new("name", new Text(1, 64), "a name of letters, digits, . _ and -", Needed: "no detection could name it",
            Further: DetectionKeys.CheckName),
        new("type", new OneOfTexts("smtp", "webhook", "sns", "journal"), "smtp, webhook, sns or journal",
            Needed: "nothing says how to tell"),
        new("host", new Text(1, 255), "the mail server", Further: CheckHost),
        new("port", new Whole(1, 65_535), "the mail server's port"),
        new("security", new OneOfTexts("starttls", "tls", "none"), "how the mail server is spoken to"),
        new("user", new Text(1, 255), "who signs in to the mail server"),
        new("password_file", new Text(1, 4096), "a file with the password in it, readable by the agent only"),
        new("from", new Text(3, 320), "the sender's address", Further: CheckAddress),
        new("to", new ListOf(new Text(3, 320), 1, 50), "the addresses of who is told", Further: CheckAddresses),
        new("url", new Text(8, 2048), "where notices are posted to", Further: CheckUrl),
        new("topic_arn", new Text(20, 1024), "the ARN of an SNS topic", Further: CheckTopic),
        new("secret_file", new Text(1, 4096), "a file with the secret that signs what is posted")
    ]);

    /// <summary>Which keys go with a type.</summary>
    public static void CheckType(ObjectValue channel, FaultList faults)
    {
        if (channel.Text("type") is not { } type || !NeededBy.TryGetValue(type, out var needed))
            return;

        foreach (var key in needed.Where(key => channel.Member(key) is null))
        {
            faults.Error(
                channel.Place, channel.Path.Key(key), $"is missing, {type} cannot do without",
                Section.Keys.First(one => one.Name == key).Remedy);
        }

        var allowed = Shared.Concat(needed).Concat(AlsoOf[type]).ToList();
        foreach (var member in channel.Members.Where(member => Section.Keys.Any(key => key.Name == member.Name)))
        {
            if (!allowed.Contains(member.Name))
                faults.Error(member, $"does not go with the type {type}", "delete it");
        }
    }

    static void CheckAddresses(Value value, FaultList faults)
    {
        foreach (var item in ((ListValue)value).Items)
            CheckAddress(item, faults);
    }

    static void CheckAddress(Value value, FaultList faults)
    {
        if (((TextValue)value).Text.Split('@') is not [var name, var domain] || !IsName(name) || !IsHost(domain))
        {
            faults.Error(
                value, $"{value.Found} was found, a mail address is allowed", "write one such as ops@example.com");
        }
    }

    static void CheckHost(Value value, FaultList faults)
    {
        if (!IsHost(((TextValue)value).Text))
        {
            faults.Error(
                value, $"{value.Found} was found, the name or address of a host is allowed",
                "write it alone; the port has a key of its own");
        }
    }

    static bool IsHost(string text) => Uri.CheckHostName(text) != UriHostNameType.Unknown;

    // As RFC 5322 has it without quotes.
    static bool IsName(string text) =>
        text.Split('.').All(part => part.Length > 0
            && part.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+/=?^_`{|}~-".Contains(letter)));

    static void CheckTopic(Value value, FaultList faults)
    {
        var parts = ((TextValue)value).Text.Split(':');
        if (parts is not ["arn", _, "sns", _, _, _] || parts.Any(part => part.Length == 0))
        {
            faults.Error(value, $"{value.Found} was found, the ARN of a topic is allowed",
                "write it like arn:aws:sns:eu-west-1:123456789012:ops");
        }
    }

    static void CheckUrl(Value value, FaultList faults)
    {
        var isUrl = Uri.TryCreate(((TextValue)value).Text, UriKind.Absolute, out var url);
        if (!isUrl || url!.Scheme is not ("http" or "https"))
            faults.Error(value, "no http or https URL was found", "write it like https://host/path");
        else if (url.UserInfo.Length > 0)
            faults.Error(value, "a user and a password were found in a URL", "sign what is posted with secret_file");
    }
}
