using System.CommandLine;
using Agent.Aws;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Commands;

/// <summary>The options with which a command finds a service, and the client for it.</summary>
sealed class Connection
{
    /// <summary>Where <c>vigil local</c> listens when nobody says otherwise.</summary>
    public const int LocalPort = 4586;

    readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = $"The service's URL; 'local' is http://127.0.0.1:{LocalPort}, where vigil local listens. "
            + "Default: AWS_ENDPOINT_URL, else the region's service",
        HelpName = "URL",
        Recursive = true
    };

    readonly Option<string?> _region = new("--region")
    {
        Description = "The AWS region; default: AWS_REGION",
        HelpName = "REGION",
        Recursive = true
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_endpoint);
        command.Options.Add(_region);
    }

    /// <summary>The sender for what was asked for.</summary>
    /// <exception cref="UsageException">There is no telling where the service is.</exception>
    public SignedSender Open(ParseResult parsed)
    {
        var region = parsed.GetValue(_region) ?? HostEnvironment.Region();
        var address = Address(parsed.GetValue(_endpoint));
        if (ServiceEndpoint.Of(region, address, HostEnvironment.Variant()) is not { } endpoint)
        {
            throw new UsageException("no region is known: use --region, set AWS_REGION, or use --endpoint local");
        }

        return new(endpoint, new(endpoint.IsLoopback), new(TimeProvider.System, NullLogger.Instance));
    }

    static Uri? Address(string? option)
    {
        var text = option ?? HostEnvironment.EndpointUrl();
        if (text is null)
        {
            return null;
        }

        if (text == "local")
        {
            return new($"http://127.0.0.1:{LocalPort}/");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new UsageException($"'{text}' is no URL: write it as http://127.0.0.1:{LocalPort}");
    }
}
