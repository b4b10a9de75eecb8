using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Agent.Native;

namespace Agent.Measure;

/// <summary>A program of the system that knows what the kernel tells nobody else.</summary>
static class Tool
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Of what it prints: a hundred thousand counters.
    const int MostCharacters = 16 << 20;
    const int BlockCharacters = 8192;

    /// <summary>What it prints.</summary>
    /// <exception cref="MeasureException">It is not there, refuses, or does not end in time.</exception>
    public static async Task<string> RunAsync(
        string program, string[] arguments, TimeProvider time, CancellationToken cancel)
    {
        var text = new StringBuilder();
        await RunAsync(
            program, arguments,
            block => text.Append(text.Length < MostCharacters ? block
                : throw new MeasureException($"{program} prints more than {MostCharacters} characters")),
            time, cancel);
        return text.ToString();
    }

    /// <summary>Hands over each line that it prints, however many there are.</summary>
    /// <exception cref="MeasureException">It is not there, refuses, or does not end in time.</exception>
    public static async Task RunLinesAsync(
        string program, string[] arguments, Action<string> take, TimeProvider time, CancellationToken cancel)
    {
        var rest = "";
        await RunAsync(
            program, arguments,
            block =>
            {
                var lines = (rest + block).Split('\n');
                rest = lines[^1].Length < MostCharacters ? lines[^1] : "";
                Array.ForEach(lines[..^1], take);
            },
            time, cancel);
        take(rest);
    }

    static async Task RunAsync(
        string program, string[] arguments, Action<string> take, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        using var tool = Start(program, arguments);
        try
        {
            var complained = "";
            var error = ReadAsync(
                tool.StandardError, block => complained += complained.Length < BlockCharacters ? block : "",
                either.Token);
            await ReadAsync(tool.StandardOutput, take, either.Token);
            await error;
            await tool.WaitForExitAsync(either.Token);
            var said = complained.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            if (tool.ExitCode != 0)
            {
                throw new MeasureException(
                    $"{program} ended with {tool.ExitCode}: {said ?? "it said nothing"}. Where it lacks the right, "
                    + "docs/NAT.md says how to give it to the service");
            }
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new MeasureException($"{program} did not end within {Patience.TotalSeconds} s", e);
        }
        finally
        {
            End(tool);
        }
    }

    static async Task ReadAsync(StreamReader reader, Action<string> take, CancellationToken cancel)
    {
        var block = new char[BlockCharacters];
        while (await reader.ReadAsync(block, cancel) is > 0 and var read)
        {
            take(new(block, 0, read));
        }
    }

    static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(SystemProgram.PathOf(program), arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false
            })!;
        }
        catch (Win32Exception e)
        {
            throw new MeasureException($"{program} cannot be run: {e.Message}. Install it", e);
        }
    }

    static void End(Process tool)
    {
        if (!tool.HasExited)
        {
            tool.Kill();
        }
    }
}
