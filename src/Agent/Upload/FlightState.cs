namespace Agent.Upload;

/// <summary>Where a batch is that is not resolved.</summary>
enum FlightState
{
    /// <summary>It was never tried.</summary>
    New,

    /// <summary>It is being sent.</summary>
    OnItsWay,

    /// <summary>It may be sent again as soon as the window has room.</summary>
    Ready,

    /// <summary>It waits for its next try.</summary>
    Waiting,

    /// <summary>So it does, and until somebody changes something it will be in vain. The service took nothing of
    /// it.</summary>
    Denied,

    /// <summary>It was denied, or follows what was, and is being given back.</summary>
    Returning,

    /// <summary>Its bytes are read again, and it is not sent any more.</summary>
    GivenBack
}
