using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace EndToEnd.Tests.Support;

/// <summary>Debian's aiosmtpd: a mail server that somebody else wrote, which puts what it takes into a folder.
/// </summary>
sealed class Aiosmtpd : IDisposable
{
    const string Python = "/usr/bin/python3"; // that the system's packages belong to

    readonly string _mailbox;
    readonly Process _process;

    public Aiosmtpd(TestFolder folder)
    {
        _mailbox = folder["mailbox"];
        Port = Loopback.FreePort();
        _process = Start(
            "-m", "aiosmtpd", "-n", "-l", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}"),
            "-c", "aiosmtpd.handlers.Mailbox", _mailbox);
    }

    public int Port { get; }

    /// <summary>Each mail as it was taken.</summary>
    public IReadOnlyList<string> Mails =>
        Directory.Exists(Path.Combine(_mailbox, "new"))
            ? [.. Directory.EnumerateFiles(Path.Combine(_mailbox, "new")).Order().Select(File.ReadAllText)]
            : [];

    public static void SkipUnlessInstalled() => Assert.SkipUnless(
        File.Exists(Python) && IsKnown(), "aiosmtpd (python3-aiosmtpd) is not on this machine");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    static bool IsKnown()
    {
        using var look = Start("-c", "import aiosmtpd");
        look.WaitForExit();
        return look.ExitCode == 0;
    }

    static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Python, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
}
