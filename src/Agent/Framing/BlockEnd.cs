namespace Agent.Framing;

/// <summary>What is known of what follows a block.</summary>
enum BlockEnd
{
    /// <summary>More may follow: a line without its end is left alone, and so is an event that the next line may
    /// continue.</summary>
    Open,

    /// <summary>The file has been quiet: the last event is over, as far as its lines are complete.</summary>
    Quiet,

    /// <summary>Nothing will ever follow: a last line without line end is a line all the same.</summary>
    Final
}
