using System.Runtime.InteropServices;

namespace Agent.Native;

/// <summary>The part of libsystemd that reads the journal. Each entry point is old enough for Amazon Linux 2 (systemd
/// 219). It is loaded at the first call: a host that does not read its journal needs none. What it returns below zero
/// is an error number. Source: sd-journal(3).</summary>
static partial class Systemd
{
    const string Library = "libsystemd.so.0";

    /// <summary>Of this machine, not of others whose journals were sent here.</summary>
    public const int LocalOnly = 1;

    /// <summary>What <see cref="Process"/> says where files came or went.</summary>
    public const int Invalidated = 2;

    [LibraryImport(Library, EntryPoint = "sd_journal_open")]
    public static partial int Open(out nint journal, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_open_directory", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenFolder(out nint journal, string path, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_close")]
    public static partial void Close(nint journal);

    /// <returns>0 at the end.</returns>
    [LibraryImport(Library, EntryPoint = "sd_journal_next")]
    public static partial int Next(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_previous")]
    public static partial int Previous(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_head")]
    public static partial int SeekHead(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_tail")]
    public static partial int SeekTail(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_realtime_usec")]
    public static partial int SeekTime(nint journal, ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_cursor", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SeekCursor(nint journal, string cursor);

    /// <returns>Above 0 where the entry is the cursor's.</returns>
    [LibraryImport(Library, EntryPoint = "sd_journal_test_cursor", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int TestCursor(nint journal, string cursor);

    /// <param name="cursor">To be given back to <see cref="Free"/>.</param>
    [LibraryImport(Library, EntryPoint = "sd_journal_get_cursor")]
    public static partial int GetCursor(nint journal, out nint cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_realtime_usec")]
    public static partial int GetTime(nint journal, out ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_monotonic_usec")]
    public static partial int GetUptime(nint journal, out ulong microseconds, Span<byte> boot);

    [LibraryImport(Library, EntryPoint = "sd_journal_set_data_threshold")]
    public static partial int SetDataThreshold(nint journal, nuint bytes);

    [LibraryImport(Library, EntryPoint = "sd_journal_restart_data")]
    public static partial void RestartData(nint journal);

    /// <param name="data">The field's name, =, and its value; good until the next call.</param>
    /// <returns>0 after the last.</returns>
    [LibraryImport(Library, EntryPoint = "sd_journal_enumerate_data")]
    public static partial int EnumerateData(nint journal, out nint data, out nuint length);

    /// <summary>The same, but for fields that cannot be unpacked; null where the library is older than systemd 246.
    /// </summary>
    public static unsafe delegate* unmanaged<nint, nint*, nuint*, int> EnumerateAvailableData { get; } =
        (delegate* unmanaged<nint, nint*, nuint*, int>)(
            NativeLibrary.TryLoad(Library, out var library)
            && NativeLibrary.TryGetExport(library, "sd_journal_enumerate_available_data", out var address)
                ? address
                : 0);

    [LibraryImport(Library, EntryPoint = "sd_journal_add_match")]
    public static partial int AddMatch(nint journal, ReadOnlySpan<byte> match, nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_add_disjunction")]
    public static partial int AddDisjunction(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_add_conjunction")]
    public static partial int AddConjunction(nint journal);

    /// <summary>Becomes readable when <see cref="Process"/> is to be called.</summary>
    [LibraryImport(Library, EntryPoint = "sd_journal_get_fd")]
    public static partial int GetFd(nint journal);

    /// <summary>Takes in what changed.</summary>
    [LibraryImport(Library, EntryPoint = "sd_journal_process")]
    public static partial int Process(nint journal);

    [LibraryImport("libc", EntryPoint = "free")]
    public static partial void Free(nint memory);
}
