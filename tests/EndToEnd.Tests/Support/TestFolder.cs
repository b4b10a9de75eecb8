namespace EndToEnd.Tests.Support;

/// <summary>A folder of its own for a test.</summary>
sealed class TestFolder : IDisposable
{
    readonly string _path = Directory.CreateTempSubdirectory("vigil-e2e-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
