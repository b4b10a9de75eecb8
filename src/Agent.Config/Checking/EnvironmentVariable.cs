using System.Diagnostics.CodeAnalysis;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>A ${NAME} for which the environment has no value. Taken as it is written, it would name a file or a group
/// that nobody meant.</summary>
static class EnvironmentVariable
{
    public static bool Report(Value value, FaultList faults)
    {
        if (!IsIn(value, out var variable))
            return false;

        faults.Error(value, $"{Shown.Text(variable)} was found, and the environment has no such variable",
            "set it (vigil ctl -a set-env -e NAME=VALUE, and start the agent again), or write what it stands for");
        return true;
    }

    public static bool IsIn(Value value, [NotNullWhen(true)] out string? variable)
    {
        variable = value is TextValue { Text: var text } ? First(text) : null;
        return variable is not null;
    }

    static string? First(string text)
    {
        var start = text.IndexOf("${", StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf('}', start);
        return end < 0 ? null : text[start..(end + 1)];
    }
}
