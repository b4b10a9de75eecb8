using System.Globalization;

namespace EndToEnd.Tests.Support;

/// <summary>What a process holds at a moment, as the kernel counts it.</summary>
readonly record struct Footprint(double ResidentMebibytes, int Handles, int Threads)
{
    /// <summary>Null once the process is gone.</summary>
    public static Footprint? Of(int id)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{id}/status");
            return new(
                Number(status, "VmRSS") / 1024.0,
                Directory.GetFileSystemEntries($"/proc/{id}/fd").Length,
                Number(status, "Threads"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"rss={ResidentMebibytes:F1}MiB handles={Handles} threads={Threads}");

    static int Number(string[] status, string field) => int.Parse(
        status.First(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..]
            .Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);
}
