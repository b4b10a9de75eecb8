using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Agent.Aws;

/// <summary>The key pair that requests are signed with: the AWS SDK's default chain (environment, web identity,
/// profile, container, instance), which also renews what expires.</summary>
sealed class CredentialSource(bool isLoopback)
{
    // A service on this machine takes any key. Asking the instance for one would take seconds where there is none.
    static readonly ImmutableCredentials OfNobody = new("vigil", "vigil", null);

    readonly Lock _lock = new();
    AWSCredentials? _credentials;

    /// <summary>The credentials to sign with now.</summary>
    /// <exception cref="HttpRequestException">There are none, for now: a role may be attached to a running
    /// instance at any time, so this is trouble to wait out like that of a network.</exception>
    public async Task<ImmutableCredentials> GetAsync()
    {
        if (isLoopback && !AreConfigured())
        {
            return OfNobody;
        }

        try
        {
            return await Chain().GetCredentialsAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The chain has many links, and each throws what it likes.
            Forget();
            throw new HttpRequestException(
                "no AWS credentials were found (" + e.Message + "). Attach an instance role with "
                + "logs:PutLogEvents, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE", e);
        }
    }

    /// <summary>The service says the credentials expired: the next request asks the chain anew.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            (_credentials as RefreshingAWSCredentials)?.ClearCredentials();
            _credentials = null;
        }
    }

    AWSCredentials Chain()
    {
        lock (_lock)
        {
            return _credentials ??= DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
    }

    static bool AreConfigured() =>
        IsSet("AWS_ACCESS_KEY_ID") || IsSet("AWS_PROFILE") || IsSet("AWS_WEB_IDENTITY_TOKEN_FILE")
        || IsSet("AWS_SHARED_CREDENTIALS_FILE") || IsSet("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        || IsSet("AWS_CONTAINER_CREDENTIALS_FULL_URI");

    static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
