using System.ComponentModel;
using System.Diagnostics;

namespace Agent.Measure;

/// <summary>A program of the system that knows what the kernel tells nobody else.</summary>
static class Tool
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What it prints.</summary>
    /// <exception cref="MeasureException">It is not there, refuses, or does not end in time.</exception>
    public static async Task<string> RunAsync(
        string program, string[] arguments, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        using var tool = Start(program, arguments);
        try
        {
            var output = tool.StandardOutput.ReadToEndAsync(either.Token);
            var error = tool.StandardError.ReadToEndAsync(either.Token);
            await tool.WaitForExitAsync(either.Token);
            var said = (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return tool.ExitCode == 0 ? await output : throw new MeasureException(
                $"{program} ended with {tool.ExitCode}: {said ?? "it said nothing"}. It needs the capability "
                + "CAP_NET_ADMIN; docs/NAT.md says how to give it to the service");
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
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false
            })!;
        }
        catch (Win32Exception e)
        {
            throw new MeasureException($"{program} cannot be run: {e.Message}. Install it, or count by interface", e);
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
