using System.Globalization;

namespace Agent.Config.Wizard;

/// <summary>What somebody knows before it is asked: one log file, and where it goes.</summary>
/// <param name="Group">Null for the question's own default; so it is with the others.</param>
/// <param name="RetentionDays">-1 leaves the group as it is.</param>
public sealed record GivenAnswers(string Path, string? Group, string? Stream, int? RetentionDays, bool IsOnEc2)
{
    /// <summary>The answers in the order of the wizard's questions, a line each.</summary>
    /// <exception cref="FormatException">The service has no such retention.</exception>
    public string ToLines()
    {
        var retention = RetentionDays is { } days ? Questions.RetentionDays.ToList().IndexOf(days) + 1 : 1;
        if (retention == 0)
        {
            throw new FormatException($"a retention is one of {string.Join(", ", Questions.RetentionDays)} days");
        }

        const string No = "2";
        const string Root = "2";
        string[] answers =
        [
            "1", IsOnEc2 ? "1" : "2", Root, No, No, No, No, "1", Path, Group ?? "", "", Stream ?? "",
            retention.ToString(CultureInfo.InvariantCulture), No, No, No
        ];
        return string.Join('\n', answers) + "\n";
    }
}
