using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Agent.Native;

/// <summary>The systemd journal, at one of its entries. For one thread.</summary>
/// <remarks>Where it cannot do what it is asked it throws an <see cref="IOException"/> that says why.</remarks>
sealed class Journal : IDisposable
{
    /// <summary>What is longer is cut off here: a program may hand its core over as a field.</summary>
    const int LongestField = 16 << 20;

    nint _handle;

    Journal(nint handle) => _handle = handle;

    /// <summary>Readable when <see cref="TakeChanges"/> has something to take in; null unless it is followed.</summary>
    public int? Descriptor { get; private set; }

    /// <summary>Opens this machine's journal, or the one in a folder.</summary>
    /// <param name="folder">Null for this machine's own.</param>
    public static Journal Open(string? folder)
    {
        try
        {
            Checked(
                folder is null
                    ? Systemd.Open(out var handle, Systemd.LocalOnly)
                    : Systemd.OpenFolder(out handle, folder, 0),
                "be opened");
            _ = Systemd.SetDataThreshold(handle, LongestField); // kept to for what is packed only
            return new(handle);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new IOException("the journal cannot be read: this system has no libsystemd.so.0", e);
        }
    }

    /// <summary>Watches for what is written from now on.</summary>
    public void Follow() => Descriptor = Checked(Systemd.GetFd(_handle), "be followed");

    /// <summary>Narrows it down to entries that have such a field: of one name one of the values, of several names all.
    /// </summary>
    /// <param name="match">The field's name, =, and its value.</param>
    public void AddMatch(string match)
    {
        var utf8 = Encoding.UTF8.GetBytes(match);
        Checked(Systemd.AddMatch(_handle, utf8, (nuint)utf8.Length), $"be searched for {match}");
    }

    /// <summary>What follows may hold in the place of what was said since <see cref="And"/>.</summary>
    public void Or() => Checked(Systemd.AddDisjunction(_handle), "be searched");

    /// <summary>What follows must hold beside all that was said.</summary>
    public void And() => Checked(Systemd.AddConjunction(_handle), "be searched");

    /// <summary>Goes to the next entry.</summary>
    /// <returns>False at the end: it stays where it is then.</returns>
    public bool Next() => Checked(Systemd.Next(_handle), "be read") > 0;

    /// <summary>Goes to the last entry.</summary>
    /// <returns>False where there is none.</returns>
    public bool GoToLast()
    {
        Checked(Systemd.SeekTail(_handle), "be read");
        return Checked(Systemd.Previous(_handle), "be read") > 0;
    }

    /// <summary>Goes before the first entry.</summary>
    public void GoToStart() => Checked(Systemd.SeekHead(_handle), "be read");

    /// <summary>Goes before the first entry of a time or later.</summary>
    /// <param name="microseconds">Since 1970, UTC.</param>
    public void GoToTime(ulong microseconds) => Checked(Systemd.SeekTime(_handle, microseconds), "be read");

    /// <summary>Goes to the entry that a cursor was taken at.</summary>
    /// <returns>False where it is not there: it stands before the first that was written later then.</returns>
    public bool GoTo(string cursor)
    {
        Checked(Systemd.SeekCursor(_handle, cursor), "be read on");
        if (Next() && Checked(Systemd.TestCursor(_handle, cursor), "be read on") > 0)
        {
            return true;
        }

        Checked(Systemd.SeekCursor(_handle, cursor), "be read on");
        return false;
    }

    /// <summary>When the entry was written, in microseconds since 1970, UTC.</summary>
    public ulong Time
    {
        get
        {
            Checked(Systemd.GetTime(_handle, out var time), "be read");
            return time;
        }
    }

    /// <summary>The same since the machine was started.</summary>
    public ulong Uptime
    {
        get
        {
            Span<byte> boot = stackalloc byte[16];
            Checked(Systemd.GetUptime(_handle, out var uptime, boot), "be read");
            return uptime;
        }
    }

    /// <summary>Reads the entry's cursor, as ASCII.</summary>
    /// <returns>Its length.</returns>
    public unsafe int ReadCursor(Span<byte> cursor)
    {
        Checked(Systemd.GetCursor(_handle, out var memory), "be read");
        try
        {
            var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)memory);
            text.CopyTo(cursor);
            return text.Length;
        }
        finally
        {
            Systemd.Free(memory);
        }
    }

    /// <summary>Begins with the entry's fields again.</summary>
    public void BeginFields() => Systemd.RestartData(_handle);

    /// <summary>The entry's next field; one that cannot be unpacked is passed over where the library can.</summary>
    /// <param name="field">Its name, =, and its value; good until the next call of any kind.</param>
    public unsafe bool TryReadField(out ReadOnlySpan<byte> field)
    {
        field = default;
        nint data;
        nuint length;
        var found = Systemd.EnumerateAvailableData != null
            ? Systemd.EnumerateAvailableData(_handle, &data, &length)
            : Systemd.EnumerateData(_handle, out data, out length);
        if (Checked(found, "be read") == 0)
        {
            return false;
        }

        field = new((byte*)data, (int)Math.Min(length, LongestField));
        return true;
    }

    /// <summary>Takes in what was written to it.</summary>
    /// <returns>Whether files of it came or went.</returns>
    public bool TakeChanges() => Checked(Systemd.Process(_handle), "be followed") == Systemd.Invalidated;

    public void Dispose()
    {
        if (_handle != 0)
        {
            Systemd.Close(_handle);
            _handle = 0;
        }
    }

    static int Checked(int result, string what) => result >= 0 ? result
        : throw new IOException($"the journal cannot {what}: {new Win32Exception(-result).Message}");
}
