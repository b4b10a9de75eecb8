namespace LocalCloud.Tests.Support;

/// <summary>A table of cases in a text file: one row a line, columns between '|', '#' starts a comment line.</summary>
static class CaseTable
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Cases", name);

    public static IEnumerable<string[]> Rows(string name) =>
        File.ReadLines(PathOf(name))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(" | ").Select(column => column.Trim()).ToArray());
}
