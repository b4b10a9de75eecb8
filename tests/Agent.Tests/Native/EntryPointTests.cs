using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Native;

/// <summary>A function that the host's libraries lack is only found missing when it is called. So each that the binary
/// imports stands in Cases/native/entry-points.txt, with the glibc or the systemd that brought it.</summary>
public sealed class EntryPointTests
{
    // Of Amazon Linux 2.
    static readonly Version OldestGlibc = new(2, 26);
    const int OldestSystemd = 219;

    static readonly Dictionary<string, string[]> Table = Cases.Table("native/entry-points.txt", " | ")
        .ToDictionary(columns => columns[0], columns => columns[1..]);

    [Fact]
    public void EveryImportedFunctionIsInTheTableAndNoOther() =>
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), Imports().Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void EveryImportedFunctionIsInTheOldestLibraries() =>
        Assert.All(Table, row => Assert.True(
            row.Value is ["-", var systemd]
                ? int.Parse(systemd, CultureInfo.InvariantCulture) <= OldestSystemd
                : Version.Parse(row.Value[0]) <= OldestGlibc,
            $"{row.Key} needs {string.Join(' ', row.Value)}"));

    static IEnumerable<string> Imports()
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "vigil.dll")));
        var reader = file.GetMetadataReader();
        return
        [
            .. from handle in reader.MethodDefinitions
               let method = reader.GetMethodDefinition(handle)
               where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
               select reader.GetString(method.GetImport().Name)
        ];
    }
}
