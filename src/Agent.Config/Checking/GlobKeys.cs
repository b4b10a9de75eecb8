using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>Paths, and patterns of paths.</summary>
static class GlobKeys
{
    public static void Check(Value value, FaultList faults)
    {
        var path = ((TextValue)value).Text;
        if (path.Contains('\0'))
            faults.Error(value, "the character U+0000 was found, no path has one", "delete it");
        else if (GlobSyntax.IsPattern(path) && GlobSyntax.HasFault(path, out var what, out var remedy))
            faults.Error(value, $"{value.Found} was found, {what}", remedy);
    }

    /// <summary>A path that files are read from.</summary>
    public static void CheckFile(Value value, FaultList faults)
    {
        if (((TextValue)value).Text.EndsWith('/'))
        {
            faults.Error(
                value, $"{value.Found} was found, which is a folder", "name each file in it, or write /* behind it");
        }
        else
        {
            Check(value, faults);
        }
    }

    public static void CheckAll(Value value, FaultList faults)
    {
        foreach (var item in ((ListValue)value).Items)
        {
            if (!EnvironmentVariable.Report(item, faults))
                Check(item, faults);
        }
    }
}
