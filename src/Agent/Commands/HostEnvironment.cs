namespace Agent.Commands;

/// <summary>What the environment says of the service, under the names that the AWS SDKs use.</summary>
static class HostEnvironment
{
    public static string? Region() => Value("AWS_REGION") ?? Value("AWS_DEFAULT_REGION");

    public static string? EndpointUrl() => Value("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS") ?? Value("AWS_ENDPOINT_URL");

    static string? Value(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
