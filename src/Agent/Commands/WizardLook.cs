using Agent.Discovery;
using Agent.Native;

namespace Agent.Commands;

/// <summary>What is worth saying of a log file when the wizard is told of it: the CloudWatch agent's says nothing, and
/// its users learn it when no line arrives.</summary>
static class WizardLook
{
    const int MostFiles = 5;

    /// <param name="path">As it was typed: a file or a pattern.</param>
    /// <param name="user">Who is to read it; null where that is on another host.</param>
    public static IEnumerable<string> At(string path, string? user)
    {
        if (user is null || !OperatingSystem.IsLinux())
        {
            return [];
        }

        if (!Path.IsPathRooted(path))
        {
            return [$"Note: {path} does not begin with /, and is taken from the agent's working folder."];
        }

        if (Glob.TryParse(path, out var fault) is not { } glob)
        {
            return [$"Note: {path}: {fault}"];
        }

        var files = glob.LiteralPath is { } one ? [one] : glob.Walk().Files.Select(file => file.Path).ToList();
        return files.Count == 0
            ? [$"Note: no file matches {path} yet. It is read from its first byte once it is there."]
            : [
                .. glob.LiteralPath is null ? [$"Note: {files.Count} files match."] : Array.Empty<string>(),
                .. files.Take(MostFiles).Select(file => RemarkOn(file, user))
            ];
    }

    // A name may hold what an attacker wrote: neither the terminal nor the shell must obey it.
    static string RemarkOn(string file, string user) => Terminal.Harmless(Remark(file, user));

    static string Remark(string file, string user)
    {
        using var handle = FileOpening.TryOpen(file, out var facts, out var fault);
        return handle is null
            ? fault.IsAbsent
                ? $"Note: {file} is not there yet. It is read from its first byte once it is."
                : $"Note: {file} cannot be read by {Environment.UserName}: {fault.Text}"
            : user is "root" || user == Environment.UserName || IsForEverybody(file)
                ? $"Note: {file} can be read, {Quantity.Bytes(facts.LengthBytes)}."
                : $"Note: {file} is not for everybody to read. See to it that {user} may: "
                + $"setfacl -m u:{user}:r '{file.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    static bool IsForEverybody(string file)
    {
        try
        {
            return OperatingSystem.IsWindows() || File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead);
        }
        catch (IOException)
        {
            return false; // it went while it was looked at
        }
    }
}
