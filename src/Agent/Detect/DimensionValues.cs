using System.Text;
using CloudWatch;
using CloudWatch.Metrics;

namespace Agent.Detect;

/// <summary>The values of a metric's dimensions in events: each set of values is made once. What has more than
/// <see cref="Most"/> of them in an hour is not published: each would be a metric of its own, which is paid for, and
/// whoever writes to a log could make any number of them.</summary>
/// <remarks>An instance belongs to one thread.</remarks>
/// <param name="tooMany">Told when there are more, once in an hour.</param>
sealed class DimensionValues(int dimensions, Action tooMany)
{
    /// <summary>The service itself gives up a metric filter at a thousand. Source: user guide, "Creating metrics from
    /// log events using filters".</summary>
    public const int Most = 500;

    const byte Between = 0xFF; // no part of UTF-8
    const byte Unspeakable = (byte)'_';

    readonly Dictionary<byte[], string[]> _known = new(new SameBytes());
    byte[] _key = new byte[256];
    DateTimeOffset _since;
    bool _isTooManySaid;

    /// <summary>The values in an event that was observed; null where there are too many.</summary>
    public string[]? Of(MetricFilter.Matcher matcher, ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        if (now - _since > TimeSpan.FromHours(1))
        {
            _known.Clear();
            (_since, _isTooManySaid) = (now, false);
        }

        var key = KeyOf(matcher, text);
        var known = _known.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!known.TryGetValue(key, out var values))
        {
            if (_known.Count < Most)
            {
                _known.Add(key.ToArray(), values = Values(key));
            }
            else if (!_isTooManySaid)
            {
                _isTooManySaid = true;
                tooMany();
            }
        }

        return values;
    }

    ReadOnlySpan<byte> KeyOf(MetricFilter.Matcher matcher, ReadOnlySpan<byte> text)
    {
        var length = 0;
        for (var i = 0; i < dimensions; i++)
        {
            var value = matcher.Dimension(i, text);
            value = value[..Math.Min(value.Length, Limits.DimensionValueLength)];
            if (length + value.Length + 1 > _key.Length)
            {
                Array.Resize(ref _key, 2 * (length + value.Length + 1));
            }

            value.CopyTo(_key.AsSpan(length));
            _key[length + value.Length] = Between;
            length += value.Length + 1;
        }

        return _key.AsSpan(0, length);
    }

    // A dimension has letters of ASCII, and not only blanks. API: Dimension.
    string[] Values(ReadOnlySpan<byte> key)
    {
        var values = new string[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            var length = key.IndexOf(Between);
            var value = key[..length].ToArray();
            key = key[(length + 1)..];
            for (var at = 0; at < value.Length; at++)
            {
                value[at] = value[at] is >= (byte)' ' and <= (byte)'~' ? value[at] : Unspeakable;
            }

            values[i] = Encoding.ASCII.GetString(value).Trim() is { Length: > 0 } plain ? plain : "-";
        }

        return values;
    }

    sealed class SameBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

        public bool Equals(ReadOnlySpan<byte> one, byte[] other) => one.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> bytes) => bytes.ToArray();
    }
}
