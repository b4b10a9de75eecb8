using System.Text;

namespace Agent.Discovery;

/// <summary>The paths that a name in a watched folder stands for. A busy file is told many times over: its paths
/// are made once.</summary>
sealed class EventPaths
{
    /// <summary>As many files as are likely to be busy at once; whoever makes more files pays for the
    /// strings.</summary>
    const int MaxNames = 1_024;

    readonly Dictionary<(int Watch, int NameHash), (byte[] Name, string[] Paths)> _known = [];

    public string[] Of(int watch, ReadOnlySpan<byte> name, HashSet<string> folders)
    {
        var key = (watch, Hash(name));
        if (_known.TryGetValue(key, out var known) && name.SequenceEqual(known.Name))
        {
            return known.Paths;
        }

        var paths = Make(Encoding.UTF8.GetString(name), folders);
        if (_known.Count >= MaxNames)
        {
            _known.Clear();
        }

        _known[key] = (name.ToArray(), paths);
        return paths;
    }

    static string[] Make(string name, HashSet<string> folders) =>
        [.. folders.Select(folder => Path.Join(folder, name))];

    public void Clear() => _known.Clear();

    // Salted by the runtime, so nobody can name files so that they drive each other out.
    static int Hash(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode();
    }
}
