using System.Xml;
using Agent.Aws;
using Agent.Notify;

namespace Agent.Pipeline;

/// <summary>Publishes to an SNS topic, in the region that its ARN names, by the host's own credentials.</summary>
sealed class Topic(string topicArn, EndpointVariant variant, ServiceTime time)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    static readonly HttpClient Http = HttpConnections.New();

    readonly string _region = topicArn.Split(':')[3];
    CredentialSource? _credentials;

    /// <exception cref="NotifyException">It was not taken.</exception>
    public async Task PublishAsync(IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancel)
    {
        using var longest = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel, longest.Token);
        try
        {
            var sns = QueryCall.Sns(_region, variant);
            _credentials ??= new(sns.Address.IsLoopback, role: null, time);
            var key = await _credentials.GetAsync().WaitAsync(patience.Token);
            var (isSuccess, answer) = await sns.SendAsync(
                Http, key, time.GetUtcNow(), "Publish", parameters, patience.Token);
            if (!isSuccess)
            {
                var code = answer["Code"].FirstOrDefault() ?? "an error without a code";
                if (code is "ExpiredToken" or "InvalidClientTokenId")
                {
                    _credentials.Forget();
                }

                throw new NotifyException($"SNS answered {code}: {answer["Message"].FirstOrDefault()}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or XmlException)
        {
            throw new NotifyException($"SNS in {_region}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new NotifyException($"SNS in {_region} did not answer within {Patience.TotalSeconds} s", e);
        }
    }
}
