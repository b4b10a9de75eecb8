using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;

namespace Agent.Aws;

/// <summary>A call of the Security Token Service: a form there, XML back (API: STS, version 2011-06-15).</summary>
/// <param name="Address">Where the service is.</param>
sealed record StsCall(Uri Address, string Region)
{
    const string Service = "sts";
    const string ContentType = "application/x-www-form-urlencoded";

    /// <summary>Where the service of a region is: as the environment says, else the region's own.</summary>
    /// <exception cref="HttpRequestException">The region has none.</exception>
    public static StsCall In(string region, EndpointVariant variant) => new(
        Uri.TryCreate(Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_STS"), UriKind.Absolute, out var set)
            ? set
            : ServiceEndpoint.AddressOf(Service, region, variant)
                ?? throw new HttpRequestException($"{region} is no region that has a Security Token Service"),
        region);

    /// <summary>Calls an action.</summary>
    /// <returns>The text of each element of the answer by its name, and whether it is a success.</returns>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    /// <exception cref="XmlException">The answer is none of the service's.</exception>
    public async Task<(bool IsSuccess, ILookup<string, string> Answer)> SendAsync(
        HttpClient http, ImmutableCredentials key, DateTimeOffset now, string action,
        IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(
            [new("Action", action), new("Version", "2011-06-15"), .. parameters]);
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
