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
        var path = parsed.GetRequiredValue(_config);
        await UseCommonAsync(parsed.GetRequiredValue(_common));
        var result = ConfigurationReader.Read(path);
        await FaultText.PrintAsync(result.Faults);

        if (result.Configuration is not { } configuration)
        {
            return null;
        }

        var variant = HostEnvironment.Variant(configuration.Agent.UsesDualStack);
        var region = await RegionOfAsync(configuration);
        if (ConfiguredPlan.Of(configuration, stateFolder, region, variant) is not { } plan)
        {
            await Console.Error.WriteLineAsync(
                $"error: {path}: agent.region: no region is known, nor does an instance metadata service say one; set "
                + "it there, or set AWS_REGION");
            return null;
        }

        await WarnOfRelativeAsync(configuration);
        return new(configuration, plan);
    }

    // Where all is said nobody is asked: an instance takes its time at boot.
    static async Task<string?> RegionOfAsync(Configuration configuration) =>
        configuration.Agent.Region is null && configuration.Logs.EndpointOverride is null
            ? await HostRegion.FindAsync(CancellationToken.None)
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

    static async Task WarnOfRelativeAsync(Configuration configuration)
    {
        foreach (var file in configuration.Logs.Files.Where(file => !Path.IsPathRooted(file.FilePath)))
        {
            await Console.Error.WriteLineAsync(
                $"warning: {file.Place}: file_path: \"{file.FilePath}\" is relative and means "
                + $"{Path.GetFullPath(file.FilePath)} here; write the whole path");
        }
    }
}
