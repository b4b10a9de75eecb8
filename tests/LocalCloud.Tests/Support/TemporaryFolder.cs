namespace LocalCloud.Tests.Support;

/// <summary>A real folder on the real disk, gone after the test.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("local-cloud-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
