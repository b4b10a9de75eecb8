using System.Diagnostics.CodeAnalysis;

namespace Agent.Config.Reading;

/// <summary>The bytes of a configuration file, or the fault that says why there are none.</summary>
static class ConfigurationFile
{
    /// <summary>Sixteen thousand collected files fit; a log file or /dev/zero named by mistake does not.</summary>
    const int MostBytes = 1 << 20;

    const int FirstBytes = 16 * 1024;

    public static bool TryRead(string path, FaultList faults, [NotNullWhen(true)] out byte[]? document)
    {
        document = null;
        var (what, remedy) = Refusal(path, out document);

        if (document is not null)
            return true;

        faults.Error(new Place(path), KeyPath.Root, what, remedy);
        return false;
    }

    static (string What, string Remedy) Refusal(string path, out byte[]? document)
    {
        document = null;
        try
        {
            return ReadBounded(path, out document)
                ? ("", "")
                : ($"is larger than the {MostBytes} bytes that are allowed", "name the configuration file");
        }
        catch (Exception trouble) when (trouble is FileNotFoundException or DirectoryNotFoundException)
        {
            return ("is not there", "create it, or name the file that is meant");
        }
        catch (UnauthorizedAccessException)
        {
            return ("may not be read by this user", "let the user that runs the agent read it");
        }
        catch (Exception trouble) when (trouble is IOException or ArgumentException or NotSupportedException)
        {
            return ($"cannot be read ({trouble.Message})", "put that right, or name another file");
        }
    }

    // Read to the bound instead of asking for the length: a pipe has none, and it may be a pipe that was named.
    static bool ReadBounded(string path, out byte[]? document)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[FirstBytes];
        var length = 0;
        while (file.Read(bytes.AsSpan(length)) is > 0 and var read)
        {
            length += read;
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(2 * length, MostBytes + 1));
            }
        }

        document = length > MostBytes ? null : bytes[..length];
        return document is not null;
    }
}
