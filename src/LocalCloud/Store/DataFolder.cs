namespace LocalCloud.Store;

/// <summary>The folder of one server, held by an open lock file: two servers would number their puts alike.</summary>
sealed class DataFolder : IDisposable
{
    readonly FileStream _lock;

    DataFolder(string path, FileStream heldLock) => (Path, _lock) = (path, heldLock);

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "logs.db");

    /// <exception cref="LocalCloudException">The folder cannot be written, or another process holds it.</exception>
    public static DataFolder Take(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        var lockFile = System.IO.Path.Combine(path, "lock");
        try
        {
            Directory.CreateDirectory(path);
            return new(path, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException inUse) when (IsHeld(inUse))
        {
            throw new LocalCloudException(
                $"The data folder {path} is in use by another process. Stop that one, or choose another data folder.",
                inUse);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new LocalCloudException(
                $"The data folder {path} cannot be written: {unwritable.Message} "
                + "Give this user write access to it, or choose another data folder.", unwritable);
        }
    }

    /// <summary>The file stays: removing it could take away the lock that a starting server has just got.</summary>
    public void Dispose() => _lock.Dispose();

    // A lock that is held elsewhere: EWOULDBLOCK of flock (Linux, macOS), ERROR_SHARING_VIOLATION (Windows).
    static bool IsHeld(IOException failed) => failed.HResult is 11 or 35 or unchecked((int)0x80070020);
}
