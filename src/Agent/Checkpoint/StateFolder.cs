using Agent.Native;

namespace Agent.Checkpoint;

/// <summary>The state folder could not be taken into use. The message says why and what to do.</summary>
sealed class StateException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The folder that holds the checkpoint, for one process at a time: two agents on one state would each
/// overwrite what the other delivered.</summary>
sealed class StateFolder : IDisposable
{
    const string LockName = "lock";
    const int LockedOnLinux = 11; // EWOULDBLOCK, what flock(2) says
    const int LockedOnMac = 35;
    const int SharingViolation = unchecked((int)0x80070020); // the same on Windows

    readonly FileStream _lock;

    StateFolder(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    public string Path { get; }

    /// <summary>Whether an agent has taken the folder, as far as the system tells.</summary>
    public static bool IsTaken(string path) => FileLock.IsHeld(System.IO.Path.Combine(path, LockName));

    /// <summary>Makes the folder where it is missing, readable by nobody else, and locks it until disposed.</summary>
    public static StateFolder Take(string path)
    {
        var lockPath = System.IO.Path.Combine(path, LockName);
        try
        {
            PrivateFolder.Make(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException(
                $"{path}: the state folder cannot be made: {e.Message} Choose another with --state, or make it "
                + "writable for the user that runs vigil.", e);
        }

        try
        {
            return new(path, new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac or SharingViolation)
        {
            throw new StateException(
                $"{path}: another vigil holds this state folder. Stop it first, or choose another folder with --state.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException(
                $"{path}: the state folder cannot be written: {e.Message} Choose another with --state, or make it "
                + "writable for the user that runs vigil.", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
