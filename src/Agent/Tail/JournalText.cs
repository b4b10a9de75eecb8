using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Agent.Native;

namespace Agent.Tail;

/// <summary>What a log event says of an entry of the journal.</summary>
enum JournalFormat
{
    /// <summary>All its fields, as the CloudWatch agent sends them: <c>{"body":{"MESSAGE":"...","PRIORITY":"6"}}</c>.
    /// </summary>
    Json,

    /// <summary>A line as syslog writes it: <c>Nov 26 23:37:19 host sshd[815]: Failed password ...</c>.</summary>
    Syslog,

    /// <summary>The message alone.</summary>
    Message
}

/// <summary>Writes entries of the journal as text. It is valid UTF-8: what an entry holds that is none becomes U+FFFD.
/// </summary>
/// <remarks>Unlike journalctl's, the JSON has long fields whole, and control characters as such.</remarks>
sealed class JournalText(JournalFormat format, TimeZoneInfo zone) : IDisposable
{
    const int MostKeptBytes = 1 << 20;
    const int MostBytes = 32 << 20; // of an entry: what has more fields than that is told without the rest
    const int LongestCursor = 512;

    readonly List<(int Start, int NameLength, int Length)> _fields = [];
    readonly Utf8JsonWriter _json = new(
        Stream.Null, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    Comparison<(int Start, int NameLength, int Length)>? _byName; // made once, not for each entry
    ArrayBufferWriter<byte> _data = new();
    ArrayBufferWriter<byte> _text = new();

    /// <summary>The text of the entry that the journal stands at; good until the next. Empty where it has none in this
    /// format.</summary>
    /// <param name="time">When it was written, in microseconds since 1970, UTC.</param>
    public ReadOnlySpan<byte> Of(Journal journal, ulong time)
    {
        // One huge entry is no reason to keep its memory for ever.
        _data = _data.Capacity > MostKeptBytes ? new() : _data;
        _text = _text.Capacity > MostKeptBytes ? new() : _text;
        _data.ResetWrittenCount();
        _text.ResetWrittenCount();
        _fields.Clear();
        journal.BeginFields();
        while (journal.TryReadField(out var field))
        {
            if (field.IndexOf((byte)'=') is > 0 and var name && _data.WrittenCount + field.Length <= MostBytes)
            {
                Add(field[..name], field[(name + 1)..]);
            }
        }

        switch (format)
        {
            case JournalFormat.Json:
                WriteJson(journal);
                break;
            case JournalFormat.Syslog:
                WriteLine(time);
                break;
            default:
                WriteText(Value("MESSAGE"u8));
                break;
        }

        return _text.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _fields.Add((_data.WrittenCount, name.Length, name.Length + value.Length));
        _data.Write(name);
        _data.Write(value);
    }

    // By their names, as the CloudWatch agent has them; a name may come up more than once.
    void WriteJson(Journal journal)
    {
        Span<byte> cursor = stackalloc byte[LongestCursor];
        Add("__CURSOR"u8, cursor[..journal.ReadCursor(cursor)]);
        Span<byte> uptime = stackalloc byte[20];
        journal.Uptime.TryFormat(uptime, out var digits, provider: CultureInfo.InvariantCulture);
        Add("__MONOTONIC_TIMESTAMP"u8, uptime[..digits]);

        _fields.Sort(_byName ??= Compare);
        _json.Reset(_text);
        _json.WriteStartObject();
        _json.WriteStartObject("body"u8);
        for (var i = 0; i < _fields.Count;)
        {
            var alike = 1;
            while (i + alike < _fields.Count && Name(_fields[i + alike]).SequenceEqual(Name(_fields[i])))
            {
                alike++;
            }

            WriteMember(i, alike);
            i += alike;
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }

    void WriteMember(int first, int alike)
    {
        _json.WritePropertyName(Name(_fields[first]));
        if (alike > 1)
        {
            _json.WriteStartArray();
        }

        for (var i = first; i < first + alike; i++)
        {
            var value = Value(_fields[i]);
            if (Utf8.IsValid(value))
            {
                _json.WriteStringValue(value);
            }
            else
            {
                _json.WriteStringValue(Encoding.UTF8.GetString(value));
            }
        }

        if (alike > 1)
        {
            _json.WriteEndArray();
        }
    }

    void WriteLine(ulong time)
    {
        if (Value("MESSAGE"u8) is not { IsEmpty: false } message)
        {
            return; // systemd itself writes such entries; syslog gets none of them either
        }

        var written = TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddMicroseconds(time), zone);
        var stamp = _text.GetSpan(15);
        written.TryFormat(stamp, out var bytes, "MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
        stamp[4] = stamp[4] == '0' ? (byte)' ' : stamp[4]; // RFC 3164: a day of one digit has a blank before it
        _text.Advance(bytes);
        _text.Write(" "u8);
        WriteText(Value("_HOSTNAME"u8));
        _text.Write(" "u8);
        WriteText(FirstOf("SYSLOG_IDENTIFIER"u8, "_COMM"u8));
        var pid = FirstOf("SYSLOG_PID"u8, "_PID"u8);
        if (!pid.IsEmpty)
        {
            _text.Write("["u8);
            WriteText(pid);
            _text.Write("]"u8);
        }

        _text.Write(": "u8);
        WriteText(message);
    }

    void WriteText(ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            _text.Write(value);
        }
        else
        {
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(value), _text);
        }
    }

    int Compare((int Start, int NameLength, int Length) one, (int Start, int NameLength, int Length) other) =>
        Name(one).SequenceCompareTo(Name(other)) is not 0 and var order ? order : one.Start.CompareTo(other.Start);

    ReadOnlySpan<byte> FirstOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other) =>
        Value(name) is { IsEmpty: false } value ? value : Value(other);

    ReadOnlySpan<byte> Value(ReadOnlySpan<byte> name)
    {
        foreach (var field in _fields)
        {
            if (Name(field).SequenceEqual(name))
            {
                return Value(field);
            }
        }

        return default;
    }

    ReadOnlySpan<byte> Name((int Start, int NameLength, int Length) field) =>
        _data.WrittenSpan.Slice(field.Start, field.NameLength);

    ReadOnlySpan<byte> Value((int Start, int NameLength, int Length) field) =>
        _data.WrittenSpan.Slice(field.Start + field.NameLength, field.Length - field.NameLength);
}
