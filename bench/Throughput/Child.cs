using System.Diagnostics;
using System.Globalization;

namespace Throughput;

/// <summary>A program that was started here, and ends with its owner.</summary>
sealed class Child : IDisposable
{
    const double TicksPerSecond = 100; // USER_HZ: of what /proc shows, on every Linux

    readonly Process _process;

    public Child(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        _process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program} does not start");
    }

    public StreamReader Output => _process.StandardOutput;

    public bool HasExited => _process.HasExited;

    /// <summary>What all its threads took so far, in seconds.</summary>
    public double Cpu
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(' ');
            return (Number(fields[13]) + Number(fields[14])) / TicksPerSecond;
        }
    }

    public double PeakMebibytes =>
        Number(File.ReadLines($"/proc/{_process.Id}/status")
            .First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
            .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

    /// <summary>Waits until it ends.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task EndsAsync()
    {
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{_process.StartInfo.FileName} failed: {_process.ExitCode}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
