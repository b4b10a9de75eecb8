using Agent.Aws;

namespace Agent.Commands;

/// <summary>What the environment says of the service, under the names that the AWS SDKs use.</summary>
static class HostEnvironment
{
    public static string? Region() => Value("AWS_REGION") ?? Value("AWS_DEFAULT_REGION");

    public static string? EndpointUrl() => Value("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS") ?? Value("AWS_ENDPOINT_URL");

    /// <param name="isDualStack">Whether the configuration asks for it.</param>
    public static EndpointVariant Variant(bool isDualStack = false) =>
        new(isDualStack || IsSet("AWS_USE_DUALSTACK_ENDPOINT"), IsSet("AWS_USE_FIPS_ENDPOINT"));

    static bool IsSet(string name) => bool.TryParse(Value(name), out var isSet) && isSet;

    static string? Value(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
