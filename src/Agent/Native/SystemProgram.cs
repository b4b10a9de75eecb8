namespace Agent.Native;

/// <summary>Where programs of the system are. By its name alone a program would be looked for in the current folder
/// first, where anybody may have put another.</summary>
static class SystemProgram
{
    static readonly string[] Usual = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The path of a program; its name where it is nowhere, so that to run it fails.</summary>
    public static string PathOf(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted);
        return folders.Concat(Usual).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? Path.Combine(Usual[0], name);
    }
}
