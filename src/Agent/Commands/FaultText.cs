using Agent.Config;

namespace Agent.Commands;

/// <summary>Faults of a configuration, a line each.</summary>
static class FaultText
{
    public static async Task PrintAsync(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(Of(fault));
        }
    }

    public static string Of(Fault fault) => $"{(fault.Severity == Severity.Error ? "error" : "warning")}: {fault}";
}
