using System.Text;

namespace Agent.Tests.Support;

/// <summary>A folder of its own for a test, with what tests do to the files in it.</summary>
sealed class TestFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("vigil-test-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Puts content in the place of whatever the file holds, in the same inode.</summary>
    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        using var file = new FileStream(this[name], FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
        file.Write(content);
        return this[name];
    }

    public void Append(string name, string content) => Append(name, Encoding.UTF8.GetBytes(content));

    public void Append(string name, byte[] content)
    {
        using var file = new FileStream(this[name], FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(content);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
