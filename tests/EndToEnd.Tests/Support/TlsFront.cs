using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EndToEnd.Tests.Support;

/// <summary>Stands before the local service and speaks TLS, with a certificate of an authority of its own.</summary>
sealed class TlsFront : IDisposable
{
    readonly Loopback _listener;
    readonly X509Certificate2 _authority;
    readonly X509Certificate2 _certificate;
    readonly Uri _service;

    public TlsFront(Uri service)
    {
        _service = service;
        _authority = NewAuthority();
        _certificate = NewCertificate(_authority);
        _listener = new(ServeAsync);
    }

    public Uri Endpoint => new($"https://localhost:{_listener.Port}");

    /// <summary>The authority's certificate in PEM form.</summary>
    public string Authority => _authority.ExportCertificatePem();

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    async Task ServeAsync(TcpClient client)
    {
        using var service = new TcpClient();
        using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(_certificate);
        }
        catch (AuthenticationException)
        {
            return; // the other does not trust it
        }

        await service.ConnectAsync(IPAddress.Loopback, _service.Port);
        await Task.WhenAny(stream.CopyToAsync(service.GetStream()), service.GetStream().CopyToAsync(stream));
    }

    static X509Certificate2 NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=vigil test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    static X509Certificate2 NewCertificate(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1]);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }
}
