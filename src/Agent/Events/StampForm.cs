using System.Runtime.Intrinsics;

namespace Agent.Events;

/// <summary>The timestamp that a line began with, and all that differ from it in the digits of their seconds only: in a
/// busy log most lines begin with one of those, and nothing else of it needs to be read.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
sealed class StampForm
{
    const int Longest = 63;
    const int MillisecondDigits = 3;

    readonly byte[] _text = new byte[Longest + 1]; // with the byte that ends it
    readonly byte[] _mask = new byte[Longest + 1]; // zero where a digit may differ
    int _comparedBytes; // in whole vectors
    int _secondsAt;
    int _fractionAt;
    int _fractionBytes;
    long _base;

    /// <summary>How long the timestamp is; 0 when there is none.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether it is known what time it means.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether that was asked for; it is not always to be known.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Whether each line that begins with one begins an event, whatever time it means.</summary>
    public bool BeginsEvents { get; private set; }

    /// <summary>Whether the seconds may differ.</summary>
    public bool HasSeconds => _secondsAt >= 0;

    /// <summary>Whether the digits behind them may, too.</summary>
    public bool HasFraction => _fractionBytes > 0;

    /// <summary>Takes another timestamp for its form, if it is not too long. Nobody knows what it means yet.</summary>
    /// <param name="text">Begins with it, and with a byte more: what ends it.</param>
    /// <param name="secondsAt">Where its two digits of seconds stand; negative where they must be the same.</param>
    /// <param name="fractionAt">Where the digits of their fraction do, up to the next byte that is none; negative where
    /// they must be the same.</param>
    public void Take(ReadOnlySpan<byte> text, int bytes, int secondsAt, int fractionAt)
    {
        if (bytes > Longest)
        {
            return;
        }

        Forget();
        BeginsEvents = false;
        Bytes = bytes;
        text[..(bytes + 1)].CopyTo(_text);
        _mask.AsSpan().Clear();
        _mask.AsSpan(0, bytes + 1).Fill(0xFF);
        _comparedBytes = (bytes + Vector128<byte>.Count) / Vector128<byte>.Count * Vector128<byte>.Count;
        (_secondsAt, _fractionAt, _fractionBytes) = (secondsAt, fractionAt, 0);
        if (secondsAt >= 0)
        {
            _mask.AsSpan(secondsAt, 2).Clear();
            var fraction = fractionAt < 0 ? [] : text[fractionAt..bytes];
            var end = fraction.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            _fractionBytes = end < 0 ? fraction.Length : end;
            _mask.AsSpan(Math.Max(fractionAt, 0), _fractionBytes).Clear();
        }
    }

    /// <summary>It was found out what time it means.</summary>
    /// <param name="stamp">Where all digits are zero that may differ, in milliseconds since 1970 UTC; null where those
    /// digits alone do not tell.</param>
    public void Settle(long? stamp, bool beginsEvents)
    {
        _base = stamp ?? 0;
        (IsKnown, IsSettled) = (stamp is not null, true);
        BeginsEvents = beginsEvents;
    }

    /// <summary>It is not known any more what time it means: the clock went on by which that was guessed.</summary>
    public void Forget() => (IsKnown, IsSettled) = (false, false);

    /// <summary>Whether a text begins with such a timestamp, and with what ends it.</summary>
    public bool Fits(ReadOnlySpan<byte> text) =>
        text.Length > Bytes && Bytes > 0 && IsAlike(text) && (_secondsAt < 0 || HasDigits(text));

    /// <summary>The stamp of a text that begins so, in milliseconds since 1970 UTC.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long stamp)
    {
        var fits = IsKnown && Fits(text);
        stamp = fits ? StampOf(text) : 0;
        return fits;
    }

    /// <summary>The same, where that is known and the text <see cref="Fits"/>.</summary>
    public long StampOf(ReadOnlySpan<byte> text)
    {
        if (_secondsAt < 0)
        {
            return _base;
        }

        var seconds = ((text[_secondsAt] - '0') * 10) + text[_secondsAt + 1] - '0';
        var milliseconds = 0;
        for (var i = 0; i < MillisecondDigits && _fractionBytes > 0; i++)
        {
            milliseconds = (milliseconds * 10) + (i < _fractionBytes ? text[_fractionAt + i] - '0' : 0);
        }

        return _base + (seconds * 1000) + milliseconds;
    }

    bool IsAlike(ReadOnlySpan<byte> text)
    {
        if (text.Length < _comparedBytes)
        {
            for (var i = 0; i <= Bytes; i++)
            {
                if (((text[i] ^ _text[i]) & _mask[i]) != 0)
                {
                    return false;
                }
            }

            return true;
        }

        for (var at = 0; at < _comparedBytes; at += Vector128<byte>.Count)
        {
            var differing = Vector128.Create(text[at..]) ^ Vector128.Create(_text.AsSpan(at));
            if ((differing & Vector128.Create(_mask.AsSpan(at))) != Vector128<byte>.Zero)
            {
                return false;
            }
        }

        return true;
    }

    // A leap second is read otherwise.
    bool HasDigits(ReadOnlySpan<byte> text) =>
        text[_secondsAt] is >= (byte)'0' and <= (byte)'5' && char.IsAsciiDigit((char)text[_secondsAt + 1])
        && (_fractionBytes == 0
            || !text.Slice(_fractionAt, _fractionBytes).ContainsAnyExceptInRange((byte)'0', (byte)'9'));
}
