using Agent.Config.Wizard;

namespace Agent.Config.Migration;

/// <summary>Another agent's configuration in Vigil's form.</summary>
/// <param name="Document">JSON.</param>
/// <param name="Notes">What was not taken over or is otherwise now, and why; a line each.</param>
/// <param name="Databases">Where the other agent keeps how far it read.</param>
public sealed record MigratedConfiguration(
    string Document, IReadOnlyList<string> Notes, IReadOnlyList<string> Databases)
{
    /// <summary>Where awslogs.conf is.</summary>
    public static string AwslogsPath => AwslogsFile.UsualPath;

    /// <summary>Takes over an awslogs.conf.</summary>
    /// <param name="awsCli">The AWS CLI's file beside it, which names the region; null where there is none.</param>
    public static MigratedConfiguration OfAwslogs(string text, string? awsCli)
    {
        var region = IniSection.AllIn(awsCli ?? "", []).Where(section => section.Name == "default")
            .Select(section => section.Values.GetValueOrDefault("region")).FirstOrDefault();
        var logs = AwslogsFile.Read(text) with { Region = region };
        return new(DocumentText.Of(logs.ToDocument()), logs.Notes, []);
    }

    /// <summary>Takes over a configuration of Fluent Bit in its classic form.</summary>
    /// <param name="include">Gives the text of a file that another includes, by the name that stands there; null where
    /// there is none.</param>
    /// <param name="variable">Gives a variable of the environment.</param>
    public static MigratedConfiguration OfFluentBit(
        string text, Func<string, string?> include, Func<string, string?> variable)
    {
        var notes = new List<string>();
        var sections = FluentBitSection.AllIn(text, include, variable, notes);
        var file = new FluentBitFile(sections, notes);
        return new(DocumentText.Of(file.ToLogs().ToDocument()), notes, file.Databases);
    }
}
