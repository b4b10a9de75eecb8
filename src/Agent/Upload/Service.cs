using Agent.Events;
using CloudWatch.Wire;

namespace Agent.Upload;

/// <summary>Sends one batch as PutLogEvents. Throws what networks throw.</summary>
delegate Task<ServiceAnswer> PutEvents(LogTarget target, EventBatch batch, CancellationToken cancel);

/// <summary>Calls any other action with a JSON body. Throws what networks throw.</summary>
delegate Task<ServiceAnswer> CallAction(string action, ReadOnlyMemory<byte> body, CancellationToken cancel);
