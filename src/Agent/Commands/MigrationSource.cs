using System.Text;
using Agent.Config;
using Agent.Config.Migration;

namespace Agent.Commands;

/// <summary>A document that becomes a part of Vigil's configuration.</summary>
/// <param name="From">Where it was found.</param>
/// <param name="Name">Of the file that it will be.</param>
sealed record MigratedDocument(string From, string Name, byte[] Text);

/// <summary>What another agent left on this host.</summary>
sealed class MigrationSource
{
    const string CloudWatchAgent = "cloudwatch-agent";
    const string Awslogs = "awslogs";
    const string FluentBit = "fluent-bit";

    static readonly string[] AwsCliNames = ["awscli.conf", "aws.conf"];

    const string AgentHome = "/opt/aws/amazon-cloudwatch-agent";
    static readonly string[] AwslogsPaths = [MigratedConfiguration.AwslogsPath, "/etc/awslogs/awslogs.conf"];
    static readonly string[] FluentBitPaths =
        ["/etc/fluent-bit/fluent-bit.conf", "/etc/td-agent-bit/td-agent-bit.conf", "/fluent-bit/etc/fluent-bit.conf"];

    readonly string _root;
    readonly IReadOnlyList<string> _databases;

    MigrationSource(
        string agent, string root, IReadOnlyList<MigratedDocument> documents, IReadOnlyList<string> notes,
        IReadOnlyList<string> databases)
    {
        Agent = agent;
        _root = root;
        Documents = documents;
        Notes = notes;
        _databases = databases;
    }

    /// <summary>Those that can be taken over.</summary>
    public static IReadOnlyList<string> Agents { get; } = [CloudWatchAgent, Awslogs, FluentBit];

    public string Agent { get; }

    public IReadOnlyList<MigratedDocument> Documents { get; }

    /// <summary>What is not taken over.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The services that it runs as.</summary>
    public IReadOnlyList<string> Units => Agent switch
    {
        CloudWatchAgent => ["amazon-cloudwatch-agent"],
        Awslogs => ["awslogs", "awslogsd"],
        _ => ["fluent-bit", "td-agent-bit"]
    };

    /// <param name="agent">Null for the first that is found.</param>
    /// <param name="path">Of its configuration; null for the usual place.</param>
    /// <param name="root">A folder that all usual places lie under; / for none.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static MigrationSource Find(string? agent, string? path, string root)
    {
        if (path is not null && agent is null)
        {
            throw new UsageException($"{path}: name whose configuration it is with --from");
        }

        return (agent is null ? Agents : [agent]).Select(name => TryFind(name, path, root))
                .FirstOrDefault(found => found is not null)
            ?? throw new UsageException(agent is null
                ? $"no configuration of {string.Join(", ", Agents)} is at its usual place: name it, and whose it is "
                    + "with --from"
                : $"no configuration of {agent} is at its usual place: name it");
    }

    /// <summary>Its configuration, where an env-config.json lies beside that; null where it has none.</summary>
    public string? EnvironmentPath =>
        Agent == CloudWatchAgent ? Under(_root, $"{AgentHome}/etc/amazon-cloudwatch-agent.d") : null;

    /// <summary>The variables that it is given; null where it has no file of them.</summary>
    public IReadOnlyDictionary<string, string>? Environment =>
        EnvironmentPath is { } path ? EnvironmentFile.Read(EnvironmentFile.Of(path)) : null;

    /// <summary>How far it has read.</summary>
    /// <param name="notes">Told of what cannot be told.</param>
    public List<ForeignPosition> ReadPositions(List<string> notes)
    {
        switch (Agent)
        {
            case CloudWatchAgent:
                return ForeignPosition.InStateFolder(Under(_root, $"{AgentHome}/logs/state"), notes);
            case FluentBit:
                if (_databases.Count == 0)
                {
                    notes.Add("no DB is configured: Fluent Bit remembers nothing, and the files are read from where "
                        + "start_position says");
                }

                return [.. _databases.SelectMany(path => ForeignPosition.InDatabase(Under(_root, path)))];
            default:
                notes.Add("how far awslogs has read is not known: its files are sent from their beginning, unless "
                    + "start_position in vigil.files is \"end\"");
                return [];
        }
    }

    static MigrationSource? TryFind(string agent, string? path, string root)
    {
        if (agent == CloudWatchAgent)
        {
            var files = AgentFiles(path, root);
            return files.Count == 0 ? null : new(agent, root, files, [], []);
        }

        var usual = agent == Awslogs ? AwslogsPaths : FluentBitPaths;
        if (path is null && !usual.Any(one => File.Exists(Under(root, one))))
        {
            return null;
        }

        var file = path ?? usual.Select(one => Under(root, one)).First(File.Exists);
        var text = File.ReadAllText(file);
        var migrated = agent == Awslogs
            ? MigratedConfiguration.OfAwslogs(text, AwsCliBeside(file))
            : MigratedConfiguration.OfFluentBit(
                text, name => IncludedBy(file, name), System.Environment.GetEnvironmentVariable);
        return new(
            agent, root, [new(file, $"{agent}.json", Encoding.UTF8.GetBytes(migrated.Document))], migrated.Notes,
            migrated.Databases);
    }

    // Its own files are Vigil's too, as they are.
    static List<MigratedDocument> AgentFiles(string? path, string root)
    {
        var folder = Under(root, $"{AgentHome}/etc/amazon-cloudwatch-agent.d");
        var legacy = Under(root, $"{AgentHome}/etc/amazon-cloudwatch-agent.json");
        List<string> files = path is not null && !Directory.Exists(path) ? [path]
            : Directory.Exists(path ?? folder) ? [.. ConfigurationReader.FilesIn(path ?? folder)]
            : [];
        if (path is null && File.Exists(legacy))
        {
            files.Add(legacy);
        }

        return files.ConvertAll(file => new MigratedDocument(file, Path.GetFileName(file), File.ReadAllBytes(file)));
    }

    // Where the old agent is told its region.
    static string? AwsCliBeside(string file) => AwsCliNames
        .Select(name => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, name))
        .Where(File.Exists).Select(File.ReadAllText).FirstOrDefault();

    static string? IncludedBy(string file, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, name);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    static string Under(string root, string path) => Path.GetFullPath(Path.Join(root, path));
}
