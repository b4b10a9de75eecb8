using System.CommandLine;
using Agent.Aws;
using Agent.Config.Wizard;

namespace Agent.Commands;

/// <summary>The answers of the wizard as flags, for who has no use for questions.</summary>
sealed class WizardOptions
{
    readonly Option<string?> _file = new("--file")
    {
        Description = "Ask nothing: collect this file, with the defaults for all that no flag says",
        HelpName = "PATH"
    };

    readonly Option<string?> _group = new("--group") { Description = "Its log group", HelpName = "NAME" };
    readonly Option<string?> _stream = new("--stream") { Description = "Its log stream", HelpName = "NAME" };
    readonly Option<int?> _retention = new("--retention")
    {
        Description = "The days that the log group keeps its events; -1 leaves that alone",
        HelpName = "DAYS"
    };

    readonly Option<bool> _apply = new("--apply")
    {
        Description = "Put the configuration in force and see that the first log event arrives; asked at a terminal"
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_file, _group, _stream, _retention, _apply])
        {
            command.Options.Add(option);
        }
    }

    public bool IsApplied(ParseResult parsed) => parsed.GetValue(_apply);

    /// <returns>Null where the questions are to be asked.</returns>
    /// <exception cref="UsageException">A flag has no file that it is about.</exception>
    public GivenAnswers? In(ParseResult parsed)
    {
        var (group, stream, days) =
            (parsed.GetValue(_group), parsed.GetValue(_stream), parsed.GetValue(_retention));
        return parsed.GetValue(_file) is { } file ? new(file, group, stream, days, InstanceFacts.AreExpected)
            : group is null && stream is null && days is null ? null
            : throw new UsageException("--group, --stream and --retention are about the file that --file names");
    }
}
