using Agent.Events;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Agent.Aws;

/// <summary>The key pair that requests are signed with: the AWS SDK's default chain (environment, profile, container,
/// instance), which also renews what expires; or those of a role that they may assume.</summary>
/// <param name="role">Null where requests are signed with the host's own.</param>
sealed class CredentialSource(bool isLoopback, AssumedRole? role = null, TimeProvider? time = null)
{
    // The chain asks an instance for seconds where there is none. Whoever waits need not each ask again.
    static readonly TimeSpan FailureLasts = TimeSpan.FromSeconds(5);

    // A service on this machine takes any key. Asking the instance for one would take seconds where there is none.
    static readonly ImmutableCredentials OfNobody = new("vigil", "vigil", null);

    readonly TimeProvider _time = time ?? TimeProvider.System;
    volatile AWSCredentials? _credentials;
    volatile Failure? _failure;
    volatile CredentialStatus? _last;

    sealed record Failure(HttpRequestException Why, long Since);

    /// <summary>Whose they are; null while nothing was signed. Any thread may ask.</summary>
    public CredentialStatus? Status => _last;

    /// <summary>The credentials to sign with now.</summary>
    /// <exception cref="HttpRequestException">There are none, for now: a role may be attached to a running
    /// instance at any time, so this is trouble to wait out like that of a network.</exception>
    public async Task<ImmutableCredentials> GetAsync()
    {
        var own = await OwnAsync();
        var used = role is null ? own : await role.GetAsync(own);
        if (_last?.KeyId != Shortened(used.AccessKey))
        {
            _last = new(
                role is null ? SourceName() : "an assumed role", Shortened(used.AccessKey),
                role is null ? (_credentials as RefreshingAWSCredentials)?.Expiration : role.Ends);
        }

        return used;
    }

    /// <summary>The service says the credentials expired: the next request asks anew.</summary>
    public void Forget()
    {
        role?.Forget();
        ForgetOwn();
    }

    async ValueTask<ImmutableCredentials> OwnAsync()
    {
        if (isLoopback && !AreConfigured())
        {
            return OfNobody;
        }

        if (_failure is { } last && _time.GetElapsedTime(last.Since) < FailureLasts)
        {
            throw new HttpRequestException(last.Why.HttpRequestError, last.Why.Message, last.Why.InnerException);
        }

        try
        {
            var own = await (await ChainAsync()).GetCredentialsAsync();
            _failure = null;
            return own;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The chain has many links, and each throws what it likes.
            ForgetOwn();
            var why = new HttpRequestException(
                HttpRequestError.UserAuthenticationError,
                "no AWS credentials were found in the environment, a profile, the container or the instance's role. "
                + "Attach a role with logs:PutLogEvents, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                + "AWS_PROFILE", e);
            _failure = new(why, _time.GetTimestamp());
            throw why;
        }
    }

    // The key's id is no secret, but whoever reads a status need not know all of it.
    static string Shortened(string keyId) => keyId.Length <= 8 ? keyId : $"{keyId[..4]}…{keyId[^4..]}";

    string SourceName() => _credentials switch
    {
        null => "none is needed on this machine",
        EnvironmentVariablesAWSCredentials => "the environment",
        InstanceProfileAWSCredentials => "the instance's role",
        GenericContainerCredentials => "the container's role",
        AssumeRoleWithWebIdentityCredentials => "a web identity",
        RefreshingAWSCredentials when !AreConfigured() => "the instance's role", // the SDK's own type for it is hidden
        _ => Environment.GetEnvironmentVariable("AWS_PROFILE") is { Length: > 0 } profile
            ? $"the profile {profile}"
            : "a profile"
    };

    void ForgetOwn()
    {
        (_credentials as RefreshingAWSCredentials)?.ClearCredentials();
        _credentials = null;
    }

    // A resolver of its own each time: the SDK's shared one keeps what it found, for good or ill. Several senders may
    // ask at once after credentials expired; any answer will do.
    async ValueTask<AWSCredentials> ChainAsync()
    {
        if (_credentials is { } kept)
        {
            return kept;
        }

        var found = await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(clientConfig: null);
        _credentials = found;
        return found;
    }

    static bool AreConfigured() =>
        IsSet("AWS_ACCESS_KEY_ID") || IsSet("AWS_PROFILE") || IsSet("AWS_WEB_IDENTITY_TOKEN_FILE")
        || IsSet("AWS_SHARED_CREDENTIALS_FILE") || IsSet("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        || IsSet("AWS_CONTAINER_CREDENTIALS_FULL_URI");

    static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
