namespace Agent.Upload;

/// <summary>What an answer, or the lack of one, means for the batch that was sent.</summary>
enum Verdict
{
    /// <summary>The service has it.</summary>
    Accepted,

    /// <summary>The service has it but for the events it names.</summary>
    AcceptedInPart,

    /// <summary>The same batch again after a short wait: the network, a fault of the service.</summary>
    RetrySoon,

    /// <summary>The same batch again after a short wait, and all other requests at a slower pace: the service
    /// throttles.</summary>
    SlowDown,

    /// <summary>The same batch again after the longest wait: somebody must change something first. It is
    /// kept.</summary>
    RetryLater,

    /// <summary>What the service did not take of the batch again once it is due: it is too far ahead of the service's
    /// time.</summary>
    RetryWhenDue,

    /// <summary>Something in the batch is not as the service wants it: in parts, until it shows which event it
    /// is.</summary>
    Split,

    /// <summary>The batch is too long for what stands between us and the service: in parts.</summary>
    SendLess,

    /// <summary>The same batch again: whoever signs has forgotten the expired credentials and asks for fresh
    /// ones.</summary>
    RefreshCredentials,

    /// <summary>The same batch again once the log group and the log stream exist.</summary>
    CreateTarget
}
