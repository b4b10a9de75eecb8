using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Agent.Aws;
using Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>A company's own certificate authority, as AWS_CA_BUNDLE names it.</summary>
[Collection(AwsEnvironment.Collection)]
public sealed class CertificateAuthorityTests : IDisposable
{
    readonly AwsEnvironment _environment = new();
    readonly TestFolder _folder = new();

    public void Dispose()
    {
        _environment.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AServiceThatItVouchesForIsTrustedAndNoOther()
    {
        using var authority = NewAuthority("own");
        using var other = NewAuthority("other");
        await File.WriteAllTextAsync(
            _folder["ca.pem"], authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        _environment["AWS_CA_BUNDLE"] = _folder["ca.pem"];

        Assert.True(await IsTrustedAsync(authority));
        Assert.False(await IsTrustedAsync(other));
    }

    [Fact]
    public void ItIsReadOnceForAllConnectionsUntilTheConfigurationIsReadAgain()
    {
        using var authority = NewAuthority("own");
        using var next = NewAuthority("next");
        _environment["AWS_CA_BUNDLE"] = _folder["ca.pem"];
        File.WriteAllText(_folder["ca.pem"], authority.ExportCertificatePem());
        var read = HttpConnections.AuthoritiesOfOnesOwn()!;

        Assert.Same(read, HttpConnections.AuthoritiesOfOnesOwn());
        File.WriteAllText(_folder["ca.pem"], next.ExportCertificatePem());
        Assert.Same(read, HttpConnections.AuthoritiesOfOnesOwn());
        HttpConnections.ReadAuthorities();
        Assert.Equal("CN=next", Assert.Single(HttpConnections.AuthoritiesOfOnesOwn()!.CustomTrustStore).Subject);
    }

    [Theory]
    [InlineData("this is no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData(null)]
    public void WhatCannotBeReadIsSaidWithItsPath(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(_folder["ca.pem"], text);
        }

        _environment["AWS_CA_BUNDLE"] = _folder["ca.pem"];

        var fault = Assert.ThrowsAny<IOException>(HttpConnections.New);
        Assert.StartsWith("AWS_CA_BUNDLE: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["ca.pem"], fault.Message, StringComparison.Ordinal);
    }

    static async Task<bool> IsTrustedAsync(X509Certificate2 authority)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var certificate = NewCertificate(authority);
        var serving = ServeAsync(listener, certificate);
        using var sender = new SignedSender(
            new(new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), "eu-central-1"),
            new(isLoopback: true), new(new FakeTimeProvider(), new CollectingLog()));
        try
        {
            await sender.SendAsync("X", ["{}"u8.ToArray()], TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return false;
        }
        finally
        {
            await serving;
        }
    }

    static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            var head = await RawServer.ReadHeadAsync(tls);
            await RawServer.ReadBodyAsync(tls, head);
            await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return; // the other side does not trust it
        }
    }

    static X509Certificate2 NewAuthority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-1));
    }

    static X509Certificate2 NewCertificate(X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=service", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            authority, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-2), [1, 2, 3, 4]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
