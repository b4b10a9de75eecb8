namespace CloudWatch.Patterns;

/// <summary>Holds messages against a pattern, as UTF-8 bytes and without allocating, and reads values out of them.
/// </summary>
/// <remarks>An instance belongs to one thread.</remarks>
public abstract class PatternMatcher
{
    /// <summary>Whether a message matches: case counts, cultures do not. Time is linear in the message's length.
    /// </summary>
    /// <param name="utf8Message">Valid UTF-8, as messages of the service are: a byte that is none matches no regular
    /// expression.</param>
    public abstract bool Matches(ReadOnlySpan<byte> utf8Message);

    /// <summary>Texts of which one stands in every message that matches: who has many messages looks for these first.
    /// Empty where nothing is known of them.</summary>
    public virtual IReadOnlyList<byte[]> Needles => [];

    /// <summary>The value of one of the selectors that the matcher was made with, in the message that was matched last;
    /// good until the next call.</summary>
    /// <param name="selector">Which of them, counted from 0.</param>
    /// <param name="utf8Message">The same bytes as were matched.</param>
    /// <returns>False where the message has no such value, or one that is neither a number nor a text.</returns>
    public virtual bool TryGetValue(int selector, ReadOnlySpan<byte> utf8Message, out ReadOnlySpan<byte> value)
    {
        value = default;
        return false;
    }
}
