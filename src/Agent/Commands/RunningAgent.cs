using System.Net.Sockets;
using System.Text.Json;
using Agent.Status;

namespace Agent.Commands;

/// <summary>The agent that runs on a state folder, as its control socket tells.</summary>
static class RunningAgent
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Longer than the agent takes to read a configuration.
    static readonly TimeSpan ReloadPatience = TimeSpan.FromSeconds(40);

    /// <returns>Null when none runs there.</returns>
    /// <exception cref="UnauthorizedAccessException">This user may not ask.</exception>
    /// <exception cref="UsageException">The folder's name is too long.</exception>
    public static Task<StatusReport?> AskAsync(string folder, CancellationToken cancel) =>
        AskAsync(folder, Patience, ControlSocket.AskStatusAsync, cancel);

    /// <summary>Lets it read its configuration again.</summary>
    /// <returns>Null when none runs there, or it does not answer.</returns>
    /// <exception cref="UnauthorizedAccessException">This user may not ask.</exception>
    /// <exception cref="UsageException">The folder's name is too long.</exception>
    public static Task<ReloadAnswer?> ReloadAsync(string folder, CancellationToken cancel) =>
        AskAsync(folder, ReloadPatience, ControlSocket.AskReloadAsync, cancel);

    static async Task<T?> AskAsync<T>(
        string folder, TimeSpan longest, Func<string, CancellationToken, Task<T>> ask, CancellationToken cancel)
        where T : class
    {
        using var patience = new CancellationTokenSource(longest, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await ask(folder, either.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new UnauthorizedAccessException(
                $"{folder}: this user may not ask the agent: run vigil status as root, or as the agent's own user", e);
        }
        catch (SocketException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or JsonException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // It ends at this moment, or is too busy to answer: what can be said without it is.
            return null;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException($"{folder}: the path is too long for a control socket; use a shorter --state", e);
        }
    }
}
