using LocalCloud.Api;
using LocalCloud.Faults;
using LocalCloud.Http;
using LocalCloud.Store;

namespace LocalCloud;

/// <summary>CloudWatch Logs on this machine's loopback: speaks the service's protocol, keeps its rules, and stores the
/// events in a folder. Answers are the service's own as far as they have been recorded.</summary>
public sealed class LocalCloudServer : IAsyncDisposable
{
    readonly LogStore _store;
    readonly Sweeper _sweeper;
    readonly Listener _listener;
    int _stopped;

    LocalCloudServer(LogStore store, Sweeper sweeper, Listener listener) =>
        (_store, _sweeper, _listener) = (store, sweeper, listener);

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => _listener.Endpoint;

    /// <exception cref="LocalCloudException">The data folder or the port cannot be used.</exception>
    public static async Task<LocalCloudServer> StartAsync(
        LocalCloudOptions options, TimeProvider time, CancellationToken cancel)
    {
        if (options.AccessKey is null != options.SecretKey is null)
            throw new LocalCloudException("An access key and a secret key go together: give both, or neither.");

        var store = LogStore.Open(options.DataFolder);
        var clock = new FaultyClock(time);
        var sweeper = new Sweeper(store, clock);
        try
        {
            var cloud = new Cloud(store, clock, options.Region, options.AccountId, sweeper.Wake);
            var gate = options is { AccessKey: { } key, SecretKey: { } secret }
                ? new SignatureGate(key, secret, clock)
                : null;
            var front = new Front(cloud, gate, DeskOf(options, clock));
            var listener = await Listener.StartAsync(options.Port, front.AnswerAsync, cancel);
            return new(store, sweeper, listener);
        }
        catch
        {
            await sweeper.DisposeAsync();
            await store.DisposeAsync();
            throw;
        }
    }

    static FaultDesk? DeskOf(LocalCloudOptions options, FaultyClock clock) =>
        options.Faults is { } plan ? new(clock) { Plan = plan } : null;

    /// <summary>Takes no more requests, waits for those that run, and lets go of the data folder.</summary>
    /// <param name="cancel">Cuts the waiting short; what was answered is stored all the same.</param>
    public async Task StopAsync(CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
            return;

        await _listener.StopAsync(cancel);
        await _listener.DisposeAsync();
        await _sweeper.DisposeAsync();
        await _store.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);
}
