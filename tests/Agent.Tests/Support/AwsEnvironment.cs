namespace Agent.Tests.Support;

/// <summary>Environment variables as the AWS chain reads them, put back afterwards. They belong to the whole process:
/// tests that set them share a collection.</summary>
sealed class AwsEnvironment : IDisposable
{
    public const string Collection = "the environment of the process";

    readonly Dictionary<string, string?> _before = [];

    public string? this[string name]
    {
        set
        {
            _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
