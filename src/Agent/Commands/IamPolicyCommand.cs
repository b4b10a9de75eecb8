using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Agent.Aws;
using Agent.Pipeline;
using Amazon;

namespace Agent.Commands;

/// <summary><c>vigil iam-policy</c>: the least that the agent must be allowed to do by a configuration.</summary>
static partial class IamPolicyCommand
{
    public static Command Create()
    {
        var loading = new PlanLoading();
        var command = new Command(
            "iam-policy",
            "Print the least privilege that a configuration needs, as a policy for IAM\n\n"
            + "Where roles are assumed there is one for the host and one for each role, in that order; which is which "
            + "is said on standard error.\n\n"
            + "Example:\n"
            + "  vigil iam-policy --config /etc/vigil/config.json > policy.json");
        loading.AddTo(command);
        command.SetGuardedAction(async (parsed, _) =>
        {
            if (await loading.LoadAsync(parsed, "/var/lib/vigil") is not { } loaded)
            {
                return ExitCode.BadUsage;
            }

            var roles = loaded.Plan.Entries.Select(entry => entry.Role).Distinct().OrderBy(role => role?.Arn).ToList();
            if (roles.Count == 0 || roles[0] is not null)
            {
                roles.Insert(0, null);
            }

            foreach (var role in roles)
            {
                await Console.Error.WriteLineAsync(role is null ? "for the host:" : $"for {role.Arn}:");
                await Console.Out.WriteLineAsync(
                    JsonSerializer.Serialize(PolicyOf(loaded.Plan, role), PolicyJson.Wire.Policy));
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The policy of one who sends events: a role, or the host itself.</summary>
    public static Policy PolicyOf(Plan plan, RoleToAssume? role)
    {
        var region = plan.Endpoint.Region;
        var partition = RegionEndpoint.GetBySystemName(region).PartitionName;
        var entries = plan.Entries.Where(entry => entry.Role == role).ToList();
        string Arn(string group) => $"arn:{partition}:logs:{region}:*:log-group:{Placeholder().Replace(group, "*")}";
        List<string> Groups(Func<EntryPlan, bool> isMeant) =>
            [.. entries.Where(isMeant).Select(entry => Arn(entry.Group)).Distinct().Order(StringComparer.Ordinal)];

        List<Statement> statements = [];
        Allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [.. entries.Select(entry => $"{Arn(entry.Group)}:log-stream:{Placeholder().Replace(entry.Stream, "*")}")
                .Distinct().Order(StringComparer.Ordinal)]);
        Allow(["logs:CreateLogGroup"], [.. Groups(_ => true).SelectMany(InBothForms)]);
        Allow(["logs:TagResource"], Groups(entry => entry.Tags is not null));
        Allow(
            ["logs:PutRetentionPolicy"],
            [.. Groups(entry => entry.RetentionDays is not null).SelectMany(InBothForms)]);
        if (entries.Exists(entry => entry.RetentionDays is not null || entry.Class is not null))
        {
            Allow(["logs:DescribeLogGroups"], [$"arn:{partition}:logs:{region}:*:log-group:*"]);
        }

        if (role is null)
        {
            statements.AddRange(Publishing(plan.Watch?.Namespaces.ToList() ?? []));
            Allow(["sns:Publish"], [.. (plan.Watch?.Configured.Notifications ?? [])
                .Select(one => one.TopicArn).OfType<string>().Distinct()]);
            Allow(["sts:AssumeRole"], [.. plan.Entries.Select(entry => entry.Role?.Arn).OfType<string>().Distinct()]);
        }

        return new("2012-10-17", statements);

        void Allow(IReadOnlyList<string> actions, IReadOnlyList<string> resources)
        {
            if (resources.Count > 0)
            {
                statements.Add(new("Allow", actions, resources));
            }
        }
    }

    // The action knows no resource, but this condition. Source: CloudWatch user guide, "Using condition keys to limit
    // access to CloudWatch namespaces".
    static IEnumerable<Statement> Publishing(List<string> namespaces) => namespaces.Count == 0 ? [] :
    [
        new("Allow", ["cloudwatch:PutMetricData"], ["*"])
        {
            Condition = new(new(namespaces))
        }
    ];

    // CloudWatch Logs user guide, "Overview of managing access permissions": a group's ARN ends with :* in policies,
    // but for the actions on tags. The service authorization reference shows it without.
    static IEnumerable<string> InBothForms(string arn) => [arn, arn + ":*"];

    // What stands in its place differs from host to host.
    [GeneratedRegex(@"\{[a-z_]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}

/// <summary>A policy as IAM reads it (IAM user guide, "IAM JSON policy reference").</summary>
sealed record Policy(string Version, IReadOnlyList<Statement> Statement);

sealed record Statement(string Effect, IReadOnlyList<string> Action, IReadOnlyList<string> Resource)
{
    public Condition? Condition { get; init; }
}

sealed record Condition(NamespaceCondition StringEquals);

sealed record NamespaceCondition([property: JsonPropertyName("cloudwatch:namespace")] IReadOnlyList<string> Namespaces);

[JsonSerializable(typeof(Policy))]
sealed partial class PolicyJson : JsonSerializerContext
{
    public static PolicyJson Wire { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
    });
}
