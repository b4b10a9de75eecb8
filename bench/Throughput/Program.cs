using System.Text.Json;
using Throughput;

if (args is [FloorProgram.Verb, .. var floor])
{
    FloorProgram.Run(floor);
    return 0;
}

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage.Replace(
        "NAMES", string.Join(", ", Scenario.All.Select(one => one.Name)), StringComparison.Ordinal));
    return 2;
}

using var lab = new Lab(options);
if (!File.Exists(lab.Vigil))
{
    Console.Error.WriteLine(
        $"Throughput: no program to measure at {Path.GetFullPath(lab.Vigil)}: make it (./build.sh publish), or name "
        + "another with --vigil");
    return 2;
}

List<Finding> findings = [];
if (options.Compared is { } command)
{
    findings.AddRange(await AgentScenarios.CompareAsync(lab, command));
}
else
{
    foreach (var scenario in Scenario.All.Where(one => options.Only.Count == 0 || options.Only.Contains(one.Name)))
    {
        findings.AddRange(await scenario.MeasureAsync(lab));
    }
}

Console.WriteLine(Finding.Header);
findings.ForEach(Console.WriteLine);
if (options.JsonPath is { } path)
{
    await File.WriteAllTextAsync(path, JsonSerializer.Serialize(findings, FindingsJson.Default.ListFinding));
}

return options.IsShort || findings.TrueForAll(finding => finding.IsMet != false) ? 0 : 1;
