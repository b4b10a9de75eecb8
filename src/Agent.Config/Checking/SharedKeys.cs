using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>Keys that several sections have alike. Source: CloudWatch agent schema.</summary>
static class SharedKeys
{
    static readonly Section Role = new(UnknownKeys.Refused,
        [new("role_arn", new Text(20, 2048), "the role to assume, such as arn:aws:iam::123456789012:role/logs")]);

    public static Key Credentials { get; } = new("credentials", Role, "an object with role_arn");

    public static IReadOnlyList<Key> Entity { get; } =
    [
        new("service.name", new Text(1, 255), "the service's name"),
        new("deployment.environment", new Text(1, 259), "the environment's name")
    ];

    public static void CheckEndpoint(Value value, FaultList faults)
    {
        var text = ((TextValue)value).Text;
        if (LogsSection.EndpointOf(text) is null)
        {
            // Before an @ stands a password, and faults end up in the journal.
            var found = text.Contains('@') ? "a URL with a user in it" : value.Found;
            faults.Error(value, $"{found} was found, an http or https URL or a host is allowed",
                "set it like https://host:port");
        }
    }
}
