using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EndToEnd.Tests.Support;

/// <summary>The real binary, started as a user would, with its output at hand.</summary>
sealed class VigilProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly StringBuilder _printed = new();

    VigilProcess(Process process) => _process = process;

    /// <summary>Everything it wrote so far, to either stream.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>What it wrote so far to its standard output alone: which of two streams comes first is chance.
    /// </summary>
    public string Printed
    {
        get
        {
            lock (_output)
            {
                return _printed.ToString();
            }
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static VigilProcess Start(params string[] arguments) => Start([], arguments);

    /// <param name="environment">Variables to set; null takes one away.</param>
    public static VigilProcess Start(Dictionary<string, string?> environment, params string[] arguments) =>
        StartProgram(environment, [Binary.Path, .. arguments]);

    /// <summary>Starts it by a program that becomes it, as setpriv and prlimit do.</summary>
    /// <param name="launcher">The program and its arguments.</param>
    public static VigilProcess StartBy(IEnumerable<string> launcher, params string[] arguments) =>
        StartProgram([], [.. launcher, Binary.Path, .. arguments]);

    static VigilProcess StartProgram(Dictionary<string, string?> environment, List<string> commandLine)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };

        // The test machine's own AWS settings must not leak in.
        foreach (var name in start.Environment.Keys.Where(IsOfAws).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var vigil = new VigilProcess(new() { StartInfo = start });
        vigil._process.OutputDataReceived += (_, line) => vigil.Keep(line.Data, isPrinted: true);
        vigil._process.ErrorDataReceived += (_, line) => vigil.Keep(line.Data, isPrinted: false);
        vigil._process.Start();
        vigil._process.BeginOutputReadLine();
        vigil._process.BeginErrorReadLine();
        return vigil;
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var vigil = Start(arguments);
        return (await vigil.ExitedAsync(), vigil.Output);
    }

    /// <summary>Waits until the output holds a text.</summary>
    public Task SaysAsync(string text) => Wait.UntilAsync(
        () => Output.Contains(text, StringComparison.Ordinal),
        () => $"vigil never said \"{text}\", but:\n{Output}");

    public async Task<int> ExitedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, which nothing can prepare for.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitedAsync();
    }

    /// <summary>SIGTERM, as systemd stops a service.</summary>
    public async Task<int> StopAsync()
    {
        Signal("TERM");
        return await ExitedAsync();
    }

    /// <summary>SIGHUP, by which it reads its configuration again.</summary>
    public void HangUp() => Signal("HUP");

    /// <summary>SIGSTOP: it stays, and does nothing.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>Waits until it has taken in what there is and has read nothing for a while (the kernel counts bytes,
    /// those of change notifications too).</summary>
    public async Task ReadsNoMoreAsync()
    {
        var quiet = TimeSpan.FromMilliseconds(500);
        var (last, since) = (-1L, TimeProvider.System.GetTimestamp());
        await Wait.UntilAsync(
            () =>
            {
                var now = ReadBytes();
                (last, since) = now == last ? (last, since) : (now, TimeProvider.System.GetTimestamp());
                return TimeProvider.System.GetElapsedTime(since) > quiet;
            },
            () => "vigil went on reading");
    }

    long ReadBytes() => long.Parse(
        File.ReadLines($"/proc/{Id}/io").First().Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>User and system time so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory it ever held, in MiB.</summary>
    public double PeakMebibytes
    {
        get
        {
            var kibibytes = Status(Id, "VmHWM").Replace("kB", "", StringComparison.Ordinal);
            return double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Thaw();
            await KillAsync();
        }

        _process.Dispose();
    }

    static bool IsOfAws(string name) => name.StartsWith("AWS_", StringComparison.Ordinal);

    static string Status(int id, string field) =>
        File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal))
            .Split(':')[1];

    void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", ["-" + name, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    // A stream that ends says so by a line that is none.
    void Keep(string? line, bool isPrinted)
    {
        lock (_output)
        {
            if (line is null)
            {
                return;
            }

            _output.AppendLine(line);
            if (isPrinted)
            {
                _printed.AppendLine(line);
            }
        }
    }
}
