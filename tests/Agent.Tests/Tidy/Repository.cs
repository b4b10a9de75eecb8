namespace Agent.Tests.Tidy;

/// <summary>The working copy that these tests were built from.</summary>
static class Repository
{
    // Looked for from the binary up: the compiler writes mapped paths into a binary when it builds reproducibly.
    public static string Root { get; } = Above(AppContext.BaseDirectory)
        .First(folder => File.Exists(Path.Combine(folder, "Agent.sln")));

    public static string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>The C# files a person wrote below some folders, as paths from the root.</summary>
    public static IEnumerable<string> Sources(params IEnumerable<string> folders) =>
        from folder in folders
        where Directory.Exists(PathOf(folder))
        from file in Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Root, file)
        where !name.Split('/').Any(part => part is "obj" or "bin")
        orderby name
        select name;

    /// <summary>The names of the folders right below one.</summary>
    public static IEnumerable<string> FoldersIn(string folder) =>
        from path in Directory.EnumerateDirectories(PathOf(folder))
        let name = Path.GetFileName(path)
        where name is not ("obj" or "bin")
        orderby name
        select name;

    static IEnumerable<string> Above(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }
}
