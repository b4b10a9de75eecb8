using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;

namespace Agent.Aws;

/// <summary>Calls of a service that takes a form and answers with XML (the Query protocol of AWS).</summary>
/// <param name="Address">Where the service is.</param>
/// <param name="Service">As signatures name it.</param>
/// <param name="Version">Of its API.</param>
sealed record QueryCall(Uri Address, string Region, string Service, string Version)
{
    const string ContentType = "application/x-www-form-urlencoded";

    /// <summary>The Security Token Service of a region.</summary>
    /// <exception cref="HttpRequestException">The region has none.</exception>
    public static QueryCall Sts(string region, EndpointVariant variant) => In(region, variant, "sts", "2011-06-15");

    /// <summary>The Simple Notification Service of a region.</summary>
    /// <exception cref="HttpRequestException">The region has none.</exception>
    public static QueryCall Sns(string region, EndpointVariant variant) => In(region, variant, "sns", "2010-03-31");

    // As the environment says, else the region's own.
    static QueryCall In(string region, EndpointVariant variant, string service, string version)
    {
        var address = ServiceEndpoint.SetFor(service)
            ?? ServiceEndpoint.AddressOf(service, region, variant)
            ?? throw new HttpRequestException($"{region} is no region that has the service {service}");
        return new(address, region, service, version);
    }

    /// <summary>Calls an action.</summary>
    /// <returns>The text of each element of the answer by its name, and whether it is a success.</returns>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    /// <exception cref="XmlException">The answer is none of the service's.</exception>
    public async Task<(bool IsSuccess, ILookup<string, string> Answer)> SendAsync(
        HttpClient http, ImmutableCredentials key, DateTimeOffset now, string action,
        IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(
            [new("Action", action), new("Version", Version), .. parameters]);
        var body = await form.ReadAsByteArrayAsync(cancel);
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        using var request = RequestSigning.Sign(
            Address, content, ContentType, Convert.ToHexStringLower(SHA256.HashData(body)), key,
            new(key.AccessKey, key.SecretKey, Region, Service), now, target: null);
        using var response = await http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        try
        {
            var answer = XDocument.Parse(text).Descendants()
                .ToLookup(element => element.Name.LocalName, element => element.Value);
            return (response.IsSuccessStatusCode, answer);
        }
        catch (XmlException e) when (!response.IsSuccessStatusCode)
        {
            throw new XmlException($"HTTP {(int)response.StatusCode}", e);
        }
    }
}
