using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace EndToEnd.Tests.Support;

/// <summary>A journal of the real kind, written by systemd's own program with the entries and times that a test wants.
/// </summary>
sealed class SystemJournal(string folder)
{
    const string Writer = "/lib/systemd/systemd-journal-remote";
    const string Boot = "0123456789abcdef0123456789abcdef";

    int _written;

    public string Folder => folder;

    public static void SkipUnlessInstalled() => Assert.SkipUnless(
        File.Exists(Writer), "no systemd-journal-remote is here to write journals with");

    /// <summary>Appends an entry as su writes it.</summary>
    public void Append(DateTimeOffset time, string message) => Append(
        time, ("MESSAGE", message), ("PRIORITY", "5"), ("SYSLOG_IDENTIFIER", "su"), ("_PID", "4711"),
        ("_HOSTNAME", "web-1"), ("_SYSTEMD_UNIT", "session-1.scope"));

    /// <summary>Appends one entry.</summary>
    public void Append(DateTimeOffset time, params (string Name, string Value)[] fields) =>
        Append([(time, fields)]);

    /// <summary>Appends entries to a file of the journal.</summary>
    /// <param name="file">A new one, where it is not there.</param>
    public void Append(
        IEnumerable<(DateTimeOffset Time, (string Name, string Value)[] Fields)> entries,
        string file = "system.journal")
    {
        Directory.CreateDirectory(folder);
        using var process = Process.Start(new ProcessStartInfo(Writer, ["-o", Path.Combine(folder, file), "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false
        })!;
        foreach (var (time, fields) in entries)
        {
            process.StandardInput.BaseStream.Write(Exported(time, fields));
        }

        process.StandardInput.Close();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }

    // The journal's export format: a field whose value is no plain text has its length before it.
    byte[] Exported(DateTimeOffset time, (string Name, string Value)[] fields)
    {
        using var entry = new MemoryStream();
        var microseconds = (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"__REALTIME_TIMESTAMP={microseconds}\n__MONOTONIC_TIMESTAMP={++_written}\n_BOOT_ID={Boot}\n"));
        foreach (var (name, value) in fields)
        {
            var bytes = Encoding.Latin1.GetBytes(value);
            var length = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
            Write(name + "\n");
            entry.Write(length);
            entry.Write(bytes);
            Write("\n");
        }

        Write("\n");
        return entry.ToArray();

        void Write(string text) => entry.Write(Encoding.ASCII.GetBytes(text));
    }
}
