using Agent.Config.Reading;

namespace Agent.Config;

/// <summary>Collects faults as the checks find them, in whatever order.</summary>
sealed class FaultList
{
    readonly List<Fault> _faults = [];

    public bool HasErrors { get; private set; }

    /// <summary>A fault of a value.</summary>
    public void Error(Value at, string what, string remedy) => Error(at.Place, at.Path, what, remedy);

    /// <summary>A fault of a key, whatever its value.</summary>
    public void Error(Member at, string what, string remedy) => Error(at.Place, at.Value.Path, what, remedy);

    public void Error(Place place, KeyPath path, string what, string remedy)
    {
        HasErrors = true;
        _faults.Add(new Fault(Severity.Error, place, path.ToString(), what, remedy));
    }

    public void Warning(Value at, string what, string remedy) =>
        _faults.Add(new Fault(Severity.Warning, at.Place, at.Path.ToString(), what, remedy));

    public void Warning(Member at, string what, string remedy) =>
        _faults.Add(new Fault(Severity.Warning, at.Place, at.Value.Path.ToString(), what, remedy));

    /// <summary>By file and in the order of the document; faults of one place stay in the order they were
    /// found.</summary>
    public IReadOnlyList<Fault> InOrder() =>
    [
        .. _faults.OrderBy(fault => fault.Place.File, StringComparer.Ordinal).ThenBy(fault => fault.Place.Line)
            .ThenBy(fault => fault.Place.Column)
    ];
}
