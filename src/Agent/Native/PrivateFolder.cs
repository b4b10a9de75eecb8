namespace Agent.Native;

/// <summary>Folders that hold what only this user may read.</summary>
static class PrivateFolder
{
    /// <summary>Makes one where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made; nor with an <see cref="UnauthorizedAccessException"/>.
    /// </exception>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
