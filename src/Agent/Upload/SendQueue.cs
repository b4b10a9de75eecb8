namespace Agent.Upload;

/// <summary>The requests of one stream among those of others: its place in <see cref="SendTurns"/>, under whose lock it
/// is.</summary>
sealed class SendQueue
{
    /// <summary>Each completes when its turn comes.</summary>
    public Queue<TaskCompletionSource> Waiting { get; } = new();

    /// <summary>How many are on their way.</summary>
    public int Running { get; set; }

    /// <summary>The number of its request that waits longest, among all that ever waited.</summary>
    public long Since { get; set; }
}
