using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Native;

/// <summary>A function that the host's C library lacks is only found missing when it is called. So each that the binary
/// imports stands in Cases/native/entry-points.txt, with the glibc that brought it.</summary>
public sealed class EntryPointTests
{
    /// <summary>Amazon Linux 2.</summary>
    static readonly Version Oldest = new(2, 26);

    static readonly Dictionary<string, Version> Table = Cases.Table("native/entry-points.txt", " | ")
        .ToDictionary(columns => columns[0], columns => Version.Parse(columns[1]));

    [Fact]
    public void EveryImportedFunctionIsInTheTableAndNoOther() =>
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), Imports().Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void EveryImportedFunctionIsInTheOldestGlibc() =>
        Assert.All(Table, row => Assert.True(row.Value <= Oldest, $"{row.Key} needs glibc {row.Value}"));

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
