namespace Agent.Upload;

/// <summary>How many batches of one stream may be on their way at once. It starts small and grows while full batches
/// wait and all goes well, since a batch carries at most a mebibyte and the way to the service and back may be long;
/// it shrinks on trouble. Not for several threads at once.</summary>
sealed class SendWindow
{
    /// <summary>At 20 ms to the service and back, 16 to 20 batches keep one core busy (measured).</summary>
    public const int Most = 24;

    /// <summary>How many may be on their way.</summary>
    public int Size { get; private set; } = 2;

    /// <summary>A batch was accepted.</summary>
    /// <param name="fullBatchWaits">Whether another would have been sent, had the window been larger.</param>
    public void Accepted(bool fullBatchWaits)
    {
        if (fullBatchWaits && Size < Most)
        {
            Size++;
        }
    }

    /// <summary>A batch must be sent again.</summary>
    public void Failed() => Size = Math.Max(1, Size / 2);
}
