using System.Globalization;
using System.Text;
using Agent.Aws;
using Agent.Config;
using Agent.Config.Model;

namespace Agent.Commands;

/// <summary>fetch-config, append-config and remove-config, with the lines that scripts look for.</summary>
sealed class CtlFetch(CtlPlaces places)
{
    const string FilePrefix = "file:";
    const string StorePrefix = "ssm:";
    const string Default = "default";

    readonly CtlConfig _config = new(places);
    readonly CtlService _service = new(places);

    /// <param name="named">As behind -c.</param>
    /// <param name="isAdded">To what is there; otherwise in its place.</param>
    /// <param name="accepted">What else is to be kept once it is found to be good.</param>
    public async Task<int> RunAsync(
        string? named, bool isAdded, bool isRestarted, Action accepted, CancellationToken cancel)
    {
        await CtlService.SayHeaderAsync();
        using var alone = _config.Lock();
        EnvironmentFile.TakeOver(places.ConfigFolder); // a configuration may name its variables
        var name = NameOf(named);
        var isSecret = named!.StartsWith(StorePrefix, StringComparison.Ordinal);
        var pending = _config.Fetch(name, await ReadAsync(named, cancel), isSecret);
        try
        {
            await SayAsync($"Successfully fetched the config and saved in {pending.Path}");
            await SayAsync("Start configuration validation...");
            await SayTimedAsync($"Reading json config file path: {pending.Path} ...");
            var result = _config.Check(pending, isAdded);
            foreach (var fault in result.Faults)
            {
                // The place is that of the file that was named, not of the copy that is about to go.
                await Console.Error.WriteLineAsync(
                    FaultText.Of(fault).Replace(pending.Path, SourceOf(named), StringComparison.Ordinal));
            }

            if (result.Configuration is not { } configuration)
            {
                await SayTimedAsync("Configuration validation first phase failed");
                await Console.Error.WriteLineAsync(
                    "vigil ctl: the configuration stays as it was; put right what is said above, and fetch it again");
                return ExitCode.Failed; // as the CloudWatch agent's
            }

            await SayTimedAsync("I! Valid Json input schema.");
            await SayTimedAsync("Configuration validation first phase succeeded");
            await SayAsync(Environment.ProcessPath + " config check " + pending.Path);
            await SayRegionAsync(configuration);
            _config.Accept(pending, isAdded);
            accepted();
            await SayAsync("Configuration validation second phase succeeded");
            await SayAsync("Configuration validation succeeded");
        }
        finally
        {
            File.Delete(pending.Path);
        }

        return isRestarted ? await _service.ApplyAsync(cancel) : ExitCode.Done;
    }

    public async Task<int> RemoveAsync(string? named, bool isRestarted, CancellationToken cancel)
    {
        await CtlService.SayHeaderAsync();
        using var alone = _config.Lock();
        EnvironmentFile.TakeOver(places.ConfigFolder);
        var isAll = named == "all";
        var name = isAll ? null : named is null or Default ? Default : NameOf(named);
        var meant = _config.Find(name);
        if (meant.Count == 0 && !isAll)
        {
            throw new UsageException(
                $"{name} is not in {places.ConfigFolder}: name one that is, or all");
        }

        var rest = isAll ? null : _config.CheckWithout(meant);
        if (rest is { Configuration: null } && _config.Find(null).Count > meant.Count)
        {
            await FaultText.PrintAsync(rest.Faults);

            await Console.Error.WriteLineAsync(
                "vigil ctl: what is left would be no good configuration, so it stays; remove all, or fetch another");
            return ExitCode.Failed;
        }

        _config.Remove(meant);
        if (!_config.IsThere)
        {
            await SayAsync("all amazon-cloudwatch-agent configurations have been removed");
            return isRestarted ? await _service.StopIfRunningAsync(cancel) : ExitCode.Done;
        }

        return isRestarted ? await _service.ApplyAsync(cancel) : ExitCode.Done;
    }

    static string SourceOf(string named) =>
        named.StartsWith(FilePrefix, StringComparison.Ordinal) ? named[FilePrefix.Length..] : named;

    static string NameOf(string? named)
    {
        var (prefix, rest) = named switch
        {
            not null when named.StartsWith(FilePrefix, StringComparison.Ordinal) =>
                ("file_", Path.GetFileName(named[FilePrefix.Length..])),
            not null when named.StartsWith(StorePrefix, StringComparison.Ordinal) =>
                ("ssm_", named[StorePrefix.Length..]),
            null or Default => throw new UsageException(
                "the CloudWatch agent's default configuration collects metrics, which Vigil does not: make one with "
                + "vigil wizard, and name it as -c file:PATH"),
            _ => throw new UsageException($"-c {named}: file:PATH or ssm:PARAMETER is needed")
        };
        return rest.Length > 0
            ? prefix + string.Concat(rest.Select(letter => letter is '/' or ' ' or ':' ? '_' : letter))
            : throw new UsageException($"-c {named}: names nothing");
    }

    static async Task<byte[]> ReadAsync(string named, CancellationToken cancel)
    {
        if (named.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            return ConfigurationReader.TryReadFile(SourceOf(named), out var faults)
                ?? throw new UsageException(string.Join('\n', faults));
        }

        var region = await HostRegion.FindAsync(cancel)
            ?? throw new UsageException("no region is known to look for the parameter in; set AWS_REGION");
        using var store = ParameterStore.In(region, HostEnvironment.Variant());
        return Encoding.UTF8.GetBytes(await store.GetAsync(named[StorePrefix.Length..], cancel));
    }

    // It is good, and would not start: nobody has said where to send to.
    static async Task SayRegionAsync(Configuration configuration)
    {
        if (configuration.Agent.Region is null && configuration.Logs.EndpointOverride is null
            && HostEnvironment.Region() is null && !InstanceFacts.AreExpected)
        {
            await Console.Error.WriteLineAsync(
                "warning: agent.region: no region is known on this host; set it there, or set AWS_REGION");
        }
    }

    static Task SayAsync(string text) => Console.Out.WriteLineAsync(text);

    static Task SayTimedAsync(string text) => SayAsync(
        TimeProvider.System.GetLocalNow().ToString("yyyy/MM/dd HH:mm:ss ", CultureInfo.InvariantCulture) + text);
}
