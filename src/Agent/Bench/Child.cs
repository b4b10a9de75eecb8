using System.Diagnostics;
using System.Globalization;
using Agent.Native;

namespace Agent.Bench;

/// <summary>A program that was started here, and is ended when this is disposed.</summary>
sealed class Child : IDisposable
{
    readonly Process _process;

    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public Child(string program, params IEnumerable<string> arguments)
        : this(program, arguments, environment: null)
    {
    }

    /// <param name="environment">What is set for it beside what is set here.</param>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public Child(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
    }

    public StreamReader Output => _process.StandardOutput;

    public bool HasExited => _process.HasExited;

    /// <summary>What all its threads took so far, in seconds.</summary>
    public double Cpu => ProcessClock.Seconds(_process.Id);

    /// <summary>The most resident memory so far, in MiB.</summary>
    public double PeakMebibytes => Mebibytes("VmHWM");

    /// <summary>The resident memory, in MiB.</summary>
    public double ResidentMebibytes => Mebibytes("VmRSS");

    /// <summary>Reads what it says so that it is never held up by it.</summary>
    /// <returns>What it said on its standard error, once it has ended.</returns>
    public Task<string> DrainAsync()
    {
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return _process.StandardError.ReadToEndAsync();
    }

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

    double Mebibytes(string key) =>
        Number(File.ReadLines($"/proc/{_process.Id}/status")
            .First(line => line.StartsWith(key, StringComparison.Ordinal))
            .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
