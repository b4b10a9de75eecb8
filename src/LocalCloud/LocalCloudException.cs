namespace LocalCloud;

/// <summary>Why the embedded server could not start. The message is for the person who started it: what is wrong,
/// where, and what to do about it.</summary>
public sealed class LocalCloudException : Exception
{
    public LocalCloudException(string message)
        : base(message)
    {
    }

    public LocalCloudException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
