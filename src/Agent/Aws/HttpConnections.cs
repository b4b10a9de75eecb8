using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Agent.Aws;

/// <summary>The connections to a service: through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, and to whom
/// the certificate authorities in AWS_CA_BUNDLE vouch for, where that is set. The framework does the first by
/// itself.</summary>
static class HttpConnections
{
    /// <summary>Two streams at full speed, or many slow ones. A thousand streams that wake together must not take a
    /// thousand descriptors, nor the service for a target.</summary>
    public const int Most = 48;

    const string CaBundle = "AWS_CA_BUNDLE";

    static volatile Authorities? _authorities; // as they were read last

    /// <summary>An answer is small; one that is not comes from something that is not the service.</summary>
    public const int MostAnswerBytes = 16 << 20;

    /// <exception cref="IOException">The certificate authorities cannot be read.</exception>
    public static HttpClient New() => new(NewHandler())
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostAnswerBytes
    };

    /// <summary>The same without what makes requests easy to write: for those that are many.</summary>
    /// <exception cref="IOException">The certificate authorities cannot be read.</exception>
    public static HttpMessageInvoker NewInvoker() => new(NewHandler());

    static SocketsHttpHandler NewHandler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a signature is good for one host
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = Most,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A service's addresses change: a connection that lives for ever would never notice.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5)
        };
        handler.SslOptions.CertificateChainPolicy = AuthoritiesOfOnesOwn();
        return handler;
    }

    /// <summary>Whom the certificate of a service is checked by, as it was read last; null for the system's
    /// authorities.</summary>
    /// <remarks>All have one and the same: a hundred and fifty certificates, as systems come with, are two mebibytes.
    /// </remarks>
    /// <exception cref="IOException">The certificate authorities cannot be read.</exception>
    public static X509ChainPolicy? AuthoritiesOfOnesOwn() =>
        _authorities is { } read && read.Path == Bundle ? read.Policy : ReadAuthorities();

    /// <summary>Reads them anew.</summary>
    /// <exception cref="IOException">The certificate authorities cannot be read.</exception>
    public static X509ChainPolicy? ReadAuthorities()
    {
        var read = Bundle is { } path ? new Authorities(path, PolicyOf(path)) : null;
        _authorities = read;
        return read?.Policy;
    }

    sealed record Authorities(string Path, X509ChainPolicy Policy);

    static string? Bundle =>
        Environment.GetEnvironmentVariable(CaBundle) is { Length: > 0 } path ? path : null;

    // In the place of the system's authorities, as the AWS SDKs have it.
    static X509ChainPolicy PolicyOf(string path)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck // as without a bundle
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new IOException($"{CaBundle}: {path} cannot be read as certificates in PEM form: {e.Message}", e);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new IOException($"{CaBundle}: there is no certificate in PEM form in {path}");
    }
}
