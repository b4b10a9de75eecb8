using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Agent.Native;

namespace Agent.Measure;

/// <summary>A program of the system that knows what the kernel tells nobody else.</summary>
static class Tool
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Of what it prints: some thousand counters.
    const int MostCharacters = 4 << 20;

    /// <summary>What it prints.</summary>
    /// <exception cref="MeasureException">It is not there, refuses, or does not end in time.</exception>
    public static async Task<string> RunAsync(
        string program, string[] arguments, TimeProvider time, CancellationToken cancel)
    {
        var text = new StringBuilder();
        await RunAsync(
            program, arguments,
            line => text.Append(line).Append(text.Length > MostCharacters
                ? throw new MeasureException($"{program} prints more than {MostCharacters} characters")
                : '\n'),
            time, cancel);
        return text.ToString();
    }

    /// <summary>Hands over each line that it prints.</summary>
    /// <exception cref="MeasureException">It is not there, refuses, or does not end in time.</exception>
    public static async Task RunAsync(
        string program, string[] arguments, Action<string> take, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        using var tool = Start(program, arguments);
        try
        {
            var error = tool.StandardError.ReadToEndAsync(either.Token);
            while (await tool.StandardOutput.ReadLineAsync(either.Token) is { } line)
            {
                take(line);
            }

            await tool.WaitForExitAsync(either.Token);
            var said = (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
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
