using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Agent.Bench;

/// <summary>A certificate for this machine's loopback, by an authority made for it.</summary>
static class OwnCertificate
{
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <param name="authorityPath">Where the authority is written, in PEM form, for those that shall trust it.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static X509Certificate2 Make(string authorityPath)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=vigil bench authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        using var signer = authority.CreateSelfSigned(now - Life, now + Life);
        File.WriteAllText(authorityPath, signer.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(signer, now - Life, now + (Life / 2), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
