namespace EndToEnd.Tests.Support;

/// <summary>What may become of a request on its way.</summary>
enum Fate
{
    Answered,

    /// <summary>Refused with an error; the service never saw it.</summary>
    Refused,

    /// <summary>The connection is reset; the service never saw it.</summary>
    Reset,

    /// <summary>The service has taken it and its answer is lost: the only way to a repeat.</summary>
    AnswerLost
}

/// <summary>How often a request fails, and how. Each is a share of all requests, from 0 to 1.</summary>
sealed record Faults(double Refused = 0, double Reset = 0, double AnswerLost = 0, double Delayed = 0)
{
    static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>So many requests fail in one of the ways, in equal parts.</summary>
    public static Faults Of(double share) => new(share / 3, share / 3, share / 3, share / 3);

    public Fate Throw(Random dice)
    {
        var thrown = dice.NextDouble();
        return thrown < Refused ? Fate.Refused
            : thrown < Refused + Reset ? Fate.Reset
            : thrown < Refused + Reset + AnswerLost ? Fate.AnswerLost
            : Fate.Answered;
    }

    public TimeSpan Delay(Random dice) =>
        dice.NextDouble() < Delayed ? LongestDelay * dice.NextDouble() : TimeSpan.Zero;
}
