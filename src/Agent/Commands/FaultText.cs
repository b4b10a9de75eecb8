using Agent.Config;

namespace Agent.Commands;

/// <summary>A fault of a configuration as a line.</summary>
static class FaultText
{
    public static string Of(Fault fault) => $"{(fault.Severity == Severity.Error ? "error" : "warning")}: {fault}";
}
