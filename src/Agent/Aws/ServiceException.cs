using CloudWatch.Wire;

namespace Agent.Aws;

/// <summary>The service answered a command's call with an error.</summary>
sealed class ServiceException(ServiceAnswer answer, string message) : Exception(message)
{
    public string? Type { get; } = answer.ReadError().Type;
}
