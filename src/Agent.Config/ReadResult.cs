using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config;

/// <summary>What became of a configuration.</summary>
/// <param name="Configuration">Null exactly when one of the faults is an error.</param>
/// <param name="Faults">All of them at once, by file and in the order of the document.</param>
public sealed record ReadResult(Configuration? Configuration, IReadOnlyList<Fault> Faults)
{
    /// <summary>Null where it is no JSON.</summary>
    internal Value? Document { get; init; }

    /// <summary>What is said in the configuration, by key.</summary>
    public IEnumerable<Setting> Settings => Document is null ? [] : SettingList.Of(Document);
}
