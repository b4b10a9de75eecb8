using System.CommandLine;
using Agent.Config;
using Agent.Config.Model;
using Agent.Pipeline;

namespace Agent.Commands;

/// <summary>A configuration, and what the agent is to do by it.</summary>
sealed record LoadedPlan(Configuration Configuration, Plan Plan);

/// <summary>Reads the configuration that a command is about, and says what is wrong with it.</summary>
sealed class PlanLoading
{
    readonly Option<string> _config = new("--config")
    {
        Description = "The configuration file, as the Amazon CloudWatch agent reads it (JSON), or a folder whose files "
            + "are one configuration together",
        HelpName = "PATH",
        Required = true
    };

    readonly Option<string> _common = new("--common-config")
    {
        Description = "The CloudWatch agent's file of profile, proxy and certificate authorities (TOML); what the "
            + "environment says goes before it",
        HelpName = "FILE",
        DefaultValueFactory = _ => CommonConfiguration.UsualPath
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_common);
    }

    /// <returns>Null where it cannot be used; it is said why.</returns>
    public async Task<LoadedPlan?> LoadAsync(ParseResult parsed, string stateFolder)
    {
        await UseCommonAsync(parsed);
        var variables = EnvironmentFile.TakeOver(PathIn(parsed));
        var (loaded, faults) = await ReadAsync(
            PathIn(parsed), stateFolder, HostMode.DefaultStream(variables), CancellationToken.None);
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        return loaded;
    }

    /// <summary>Takes over the file that the command names.</summary>
    public Task UseCommonAsync(ParseResult parsed) => UseCommonAsync(parsed.GetRequiredValue(_common));

    /// <summary>Where the configuration is.</summary>
    public string PathIn(ParseResult parsed) => parsed.GetRequiredValue(_config);

    /// <summary>Reads a configuration.</summary>
    /// <param name="defaultStream">The log stream of files that name none.</param>
    /// <returns>Null with the faults where it cannot be used; with warnings at most where it can.</returns>
    public static async Task<(LoadedPlan? Loaded, IReadOnlyList<string> Faults)> ReadAsync(
        string path, string stateFolder, string defaultStream, CancellationToken cancel)
    {
        var result = ConfigurationReader.Read(path, defaultStream);
        List<string> faults = [.. result.Faults.Select(FaultText.Of)];
        if (result.Configuration is not { } written)
        {
            return (null, faults);
        }

        var configuration = WithEndpoint(written);

        var variant = HostEnvironment.Variant(configuration.Agent.UsesDualStack);
        var region = await RegionOfAsync(configuration, cancel);
        if (ConfiguredPlan.Of(configuration, stateFolder, region, variant) is not { } plan)
        {
            return (null,
            [
                $"error: {path}: agent.region: no region is known, nor does an instance metadata service say one; set "
                + "it there, or set AWS_REGION",
                .. faults
            ]);
        }

        return (new(configuration, plan), [.. faults, .. RelativePathsIn(configuration)]);
    }

    // As the AWS SDKs have it: what the document says goes before what the environment says.
    static Configuration WithEndpoint(Configuration configuration) =>
        configuration.Logs.EndpointOverride is null
            && Uri.TryCreate(HostEnvironment.EndpointUrl(), UriKind.Absolute, out var endpoint)
            ? configuration with { Logs = configuration.Logs with { EndpointOverride = endpoint } }
            : configuration;

    // Where all is said nobody is asked: an instance takes its time at boot.
    static async Task<string?> RegionOfAsync(Configuration configuration, CancellationToken cancel) =>
        configuration.Agent.Region is null && configuration.Logs.EndpointOverride is null
            ? await HostRegion.FindAsync(cancel)
            : HostEnvironment.Region();

    /// <summary>Takes over the CloudWatch agent's common-config.toml: what the AWS SDK and the framework read from the
    /// environment they find there.</summary>
    public static async Task UseCommonAsync(string path)
    {
        var common = CommonConfiguration.Read(path);
        foreach (var fault in common.Faults)
        {
            await Console.Error.WriteLineAsync($"warning: {fault}");
        }

        foreach (var (name, value) in common.Variables)
        {
            if (Environment.GetEnvironmentVariable(name) is null or "")
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    /// <summary>Warnings of paths that mean another file from another folder.</summary>
    public static IEnumerable<string> RelativePathsIn(Configuration configuration) =>
        from file in configuration.Logs.Files
        where !Path.IsPathRooted(file.FilePath)
        select $"warning: {file.Place}: file_path: \"{file.FilePath}\" is relative and means "
            + $"{Path.GetFullPath(file.FilePath)} here; write the whole path";
}
