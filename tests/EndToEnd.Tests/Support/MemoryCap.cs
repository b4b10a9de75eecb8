namespace EndToEnd.Tests.Support;

/// <summary>A control group whose processes may use so much memory together, and are killed beyond it. Only root can
/// make one.</summary>
sealed class MemoryCap : IDisposable
{
    const string First = "/sys/fs/cgroup/memory"; // version 1 has a tree for each resource
    const string Second = "/sys/fs/cgroup";

    readonly string _group;

    MemoryCap(string group) => _group = group;

    /// <summary>A program and its first arguments; whatever follows is run under the cap.</summary>
    public IEnumerable<string> Launcher =>
        ["sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", _group];

    /// <summary>Null where it cannot be made.</summary>
    public static MemoryCap? TryMake(int mebibytes)
    {
        var isFirst = Directory.Exists(First);
        var group = Path.Combine(isFirst ? First : Second, $"vigil-test-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(group);
            File.WriteAllText(
                Path.Combine(group, isFirst ? "memory.limit_in_bytes" : "memory.max"), $"{(long)mebibytes << 20}");
            return new(group);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_group))
        {
            Directory.Delete(_group); // its files go with it
        }
    }
}
