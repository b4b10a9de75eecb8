using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>The pipeline as a service of the host. If it ends for any reason but a stop the host ends too: systemd
/// starts a whole agent again, which is better than half of one.</summary>
sealed partial class PipelineService(Pipeline pipeline, IHostApplicationLifetime lifetime, ILogger<PipelineService> log)
    : BackgroundService
{
    readonly ILogger _log = log;

    /// <summary>Why the pipeline ended; null while it runs and after a stop.</summary>
    public Exception? Fault { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await pipeline.RunAsync(stoppingToken);
        }
        catch (Exception e)
        {
            Fault = e;
            LogDied(e.Message);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(10, LogLevel.Critical, "Vigil stops: {Fault}")]
    partial void LogDied(string fault);
}
