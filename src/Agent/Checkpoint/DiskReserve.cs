namespace Agent.Checkpoint;

/// <summary>Room kept beside the positions for the day the disk is full: a file of no use but its size, given up so
/// that an agent can start and commit then. A full disk is when logs matter.</summary>
static class DiskReserve
{
    /// <summary>The database, its write-ahead log and the index of that, for thousands of files.</summary>
    const long Bytes = 4 << 20;

    /// <summary>Sets the room aside if it is not yet. A disk that refuses is tried again at the next start.</summary>
    public static void Keep(string folder)
    {
        var path = PathIn(folder);
        try
        {
            if (!File.Exists(path))
            {
                using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, preallocationSize: Bytes);
            }
        }
        catch (IOException)
        {
            // Half a reserve would look like a whole one.
            Release(folder);
        }
    }

    /// <summary>Gives the room up.</summary>
    /// <returns>Whether there was some.</returns>
    public static bool Release(string folder)
    {
        try
        {
            var file = new FileInfo(PathIn(folder));
            var isThere = file.Exists;
            file.Delete();
            return isThere;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static string PathIn(string folder) => Path.Combine(folder, "reserve");
}
