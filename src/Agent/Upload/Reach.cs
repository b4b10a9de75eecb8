namespace Agent.Upload;

/// <summary>How far a request came.</summary>
enum Reach
{
    Answered,

    /// <summary>No answer came: perhaps nobody can be reached.</summary>
    Silent,

    /// <summary>It was never sent, for want of credentials: that says nothing of the endpoint.</summary>
    NotSent
}
